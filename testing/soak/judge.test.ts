import { describe, expect, it } from 'vitest';
import { judge } from './judge.ts';
import { createSentBook } from './sent-book.ts';
import type { EffectsFound, LetterFound, SagaFound, World } from './world.ts';

const FULFILLED: EffectsFound = { captured: 1, authorized: 0, shipped: 1, reserved: 0, booked: 1 };
const COMPLETED: SagaFound = { chains: 1, bornEarly: false, end: 'completed', fingerprint: 'f-1', told: [] };
const LETTER: LetterFound = { sequence: 7, reason: 'invalid', subject: 'dlq.invalid.x', digest: 'd-1' };

/** Two orders, one fulfilled and one cancelled, a return that was told of its parcel, and a dead letter; as it was sent. */
const sent = () => {
  const book = createSentBook();
  book.sagas.set('fulfilOrder:o-1', { fingerprint: 'f-1', end: 'completed' });
  book.sagas.set('fulfilOrder:o-2', { fingerprint: 'f-2', end: 'completed' });
  book.sagas.set('returnOrder:o-1', { fingerprint: 'f-r', end: 'open' });
  book.cancels.set('fulfilOrder:o-2', { late: false });
  book.told.set('returnOrder:o-1', 'e-1');
  book.letters.set(7, { id: 'p-1', reason: 'invalid', digest: 'd-1' });
  return book;
};

const world = (changes: Partial<World> = {}): World => ({
  sagas: new Map<string, SagaFound>([
    ['fulfilOrder:o-1', COMPLETED],
    ['fulfilOrder:o-2', { ...COMPLETED, end: 'cancelled', fingerprint: 'f-2' }],
    ['returnOrder:o-1', { ...COMPLETED, end: 'open', fingerprint: 'f-r', told: ['e-1'] }],
  ]),
  letters: [LETTER],
  late: new Set(),
  orders: new Map([
    ['o-1', 'confirmed'],
    ['o-2', 'cancelled'],
  ]),
  shown: new Map([
    ['o-1', 'confirmed'],
    ['o-2', 'cancelled'],
  ]),
  effects: new Map([['o-1', FULFILLED]]),
  left: null,
  notConserved: [],
  ...changes,
});

const withSaga = (id: string, saga: Partial<SagaFound> | null): World => {
  const sagas = new Map(world().sagas);
  if (saga === null) sagas.delete(id);
  else sagas.set(id, { ...COMPLETED, ...sagas.get(id), ...saga });
  return world({ sagas });
};

describe('the judge of a soak', () => {
  it('has nothing to say of a world in which all is well', () => {
    expect(judge(sent(), world())).toEqual([]);
  });

  it('takes a cancel for late that is published so, or of which the sender was told', () => {
    const book = sent();
    book.cancels.set('fulfilOrder:o-1', { late: false });
    expect(judge(book, world({ late: new Set(['fulfilOrder:o-1']) }))).toEqual([]);
    book.cancels.set('fulfilOrder:o-1', { late: true });
    expect(judge(book, world())).toEqual([]);
  });

  it.each<[string, World, string]>([
    ['an order without a saga', withSaga('fulfilOrder:o-1', null), 'fulfilOrder:o-1 was never started'],
    ['a saga that was run twice', withSaga('fulfilOrder:o-1', { chains: 2 }), 'fulfilOrder:o-1 has been run 2 times'],
    [
      'another input',
      withSaga('fulfilOrder:o-1', { fingerprint: 'else' }),
      'fulfilOrder:o-1 has another input than was sent',
    ],
    ['a saga too many', withSaga('fulfilOrder:o-9', {}), 'fulfilOrder:o-9 is a saga too many'],
    ['a saga of another name too many', withSaga('recover:o-1', {}), 'recover:o-1 is a saga too many'],
    [
      'a saga that is open',
      withSaga('fulfilOrder:o-1', { end: 'open' }),
      'fulfilOrder:o-1 is open, and must be completed',
    ],
    [
      'an end that nobody asked for',
      withSaga('fulfilOrder:o-1', { end: 'cancelled' }),
      'fulfilOrder:o-1 is cancelled, and must be completed',
    ],
    [
      'a cancel that was taken and forgotten',
      withSaga('fulfilOrder:o-2', { end: 'completed' }),
      'the cancel of fulfilOrder:o-2 is nowhere, and it is completed',
    ],
    [
      'a late cancel that nobody sent',
      world({ late: new Set(['fulfilOrder:o-1']) }),
      'a cancel of fulfilOrder:o-1 is among the late ones, and nobody has sent it',
    ],
    [
      'an event that its saga does not know',
      withSaga('returnOrder:o-1', { told: [] }),
      'returnOrder:o-1 was never told of e-1',
    ],
    ['poison without a dead letter', world({ letters: [] }), 'p-1 has no dead letter'],
    ['poison with two', world({ letters: [LETTER, LETTER] }), 'p-1 has 2 dead letters'],
    [
      'the wrong reason',
      world({ letters: [{ ...LETTER, reason: 'conflict' }] }),
      'p-1 is in the dead letters as conflict, and must be as invalid',
    ],
    ['touched bytes', world({ letters: [{ ...LETTER, digest: 'else' }] }), 'the dead letter of p-1 has other bytes'],
    [
      'a dead letter too many',
      world({ letters: [LETTER, { ...LETTER, sequence: 8 }] }),
      'dlq.invalid.x of event 8 is a dead letter too many',
    ],
    [
      "a status that is not its saga's end",
      world({ orders: new Map([['o-1', 'placed']]) }),
      'order o-1 is placed, and its saga is completed',
    ],
    [
      'a status that is shown and is not so',
      world({ shown: new Map([['o-1', 'cancelled']]) }),
      'order o-1 is shown as cancelled, and its saga is completed',
    ],
    ['an order that is not shown', world({ shown: new Map([['o-1', 'confirmed']]) }), 'order o-2 is not shown'],
    [
      'an order that was placed and whose saga is missing',
      world({ orders: new Map([...world().orders, ['o-3', 'placed']]) }),
      'order o-3 is placed and has no saga',
    ],
    [
      'goods that were sent and not paid',
      world({ effects: new Map([['o-1', { ...FULFILLED, captured: 0 }]]) }),
      'fulfilOrder:o-1 is completed, and its goods or money were captured 0 times',
    ],
    [
      'what was left behind',
      world({ effects: new Map([...world().effects, ['o-2', { ...FULFILLED, shipped: 0, captured: 0 }]]) }),
      'fulfilOrder:o-2 is cancelled, and its goods or money were booked 1 times',
    ],
    [
      "something of nobody's",
      world({ effects: new Map([...world().effects, ['o-3', FULFILLED]]) }),
      'something was done for o-3, which has no saga',
    ],
    ['goods that are not conserved', world({ notConserved: ['soak-1: 9 there'] }), 'soak-1: 9 there'],
    ['work that was left undone', world({ left: '3 sagas open' }), '3 sagas open'],
  ])('says so of %s', (_, spoiled, sentence) => {
    expect(judge(sent(), spoiled)).toContain(sentence);
  });

  it('says so of a cancel that is nowhere', () => {
    const book = sent();
    book.cancels.set('fulfilOrder:o-1', { late: false });
    expect(judge(book, world())).toEqual(['the cancel of fulfilOrder:o-1 is nowhere, and it is completed']);
  });
});
