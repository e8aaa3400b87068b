import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { approval, compensable, pivot, pointOfNoReturn, refused, retriable } from '../../packages/saga/src/index.ts';
import type { Span } from '../../packages/saga/src/author/span.ts';
import type { Definition, SagaFacts } from '../../packages/saga/src/author/definition.ts';
import type { Before, Passed } from '../../packages/saga/src/author/step-calls.ts';
import type { Steps } from '../../packages/saga/src/author/steps.ts';
import { event, inventory, notifications, orders, payments, shipping } from '../../workflows/sagas.ts';
import { exampleOrder, type Order } from '../../contracts/orders.ts';
import { brokenOn, changingInputs } from '../../packages/testing/src/rehearsal/broken-rules.ts';
import { diagramOf } from '../../packages/testing/src/rehearsal/diagram.ts';
import { shopApplication } from '../shop-application.ts';
import type { RehearsedSaga } from '../../packages/testing/src/rehearsal/rehearsed-saga.ts';
import { unlikeContracts } from '../../packages/testing/src/rehearsal/unlike-contracts.ts';
import { unreachedOn } from '../../packages/testing/src/rehearsal/unreached.ts';
import { inWords, rehearsePath, waysThrough } from '../../packages/testing/src/rehearsal/ways.ts';

const reserveStock = compensable(inventory.reserve, { undo: 'release stock' });
const authorizePayment = compensable(payments.authorize, { undo: 'void authorization' });
const bookShipment = compensable(shipping.book, { undo: 'cancel booking' });
const capturePayment = pivot(payments.capture);
const notifyCustomer = retriable(notifications.send);
const amount = { amount: 1800, currency: 'EUR' };
const mail = ({ orderId, customerId }: Order) => ({ orderId, customerId, template: 'order-confirmed' as const });

/** A saga of fulfilOrder's input that no contract knows. */
const odd = <const S extends Steps>(
  steps: S,
  flow: (order: Order, step: Before<S>, saga: SagaFacts) => Promise<unknown>,
  paths: RehearsedSaga['paths'] = {},
): RehearsedSaga => ({
  definition: { name: 'odd', deadline: null, steps, flow } as unknown as Definition,
  contract: {
    input: z.unknown(),
    result: z.unknown(),
    key: (input) => (input as Order).orderId,
    refusals: {},
    example: exampleOrder,
    exampleResult: null,
  },
  paths,
  app: shopApplication,
});

/** Calls what the compiler would refuse. */
const anyway = (step: unknown) =>
  step as Before<{ notifyCustomer: typeof notifyCustomer }> & Passed & Record<string, never>;
const wrongIn = async (saga: RehearsedSaga) => brokenOn(saga, await waysThrough(saga));

describe('a rehearsal', () => {
  it('tells the true order of calls, and which go out together', async () => {
    const saga = { ...known('fulfilOrder'), paths: {} };
    const { calls, end } = await rehearsePath(saga, 'its example');
    expect(end).toBe('completed');
    expect(calls.map(({ id, wave }) => `${wave} ${id}`)).toEqual([
      '1 acceptOrder',
      '2 reserveStock',
      '2 authorizePayment',
      '3 bookShipment',
      '4 capturePayment',
      '5 shipStock',
      '6 notifyCustomer',
    ]);
  });

  it('S5 S7 S8 S9 S10: tells what each refusal, unknown outcome, cancel and deadline leads to', async () => {
    const said = (await waysThrough({ ...known('fulfilOrder'), paths: {} })).map(inWords);
    expect(said).toEqual(
      expect.arrayContaining([
        'bookShipment refused (country-not-served): compensated, undoing authorizePayment, reserveStock, acceptOrder',
        'bookShipment nobody knows: compensated, undoing bookShipment, authorizePayment, reserveStock, acceptOrder',
        'authorizePayment refused (expired): compensated, undoing reserveStock, acceptOrder',
        'reserveStock cancelled there: cancelled, undoing authorizePayment, reserveStock, acceptOrder',
        'capturePayment cancelled there: completed',
        'capturePayment nobody knows: compensated, undoing bookShipment, authorizePayment, reserveStock, acceptOrder',
        'shipStock nobody knows: completed, shipStock parked',
        'notifyCustomer nobody knows: completed',
      ]),
    );
  });

  it('S5: tells that a semantic lock is undone after all others, also one that was taken after them', async () => {
    const acceptOrder = compensable(orders.accept, { undo: 'release order', lock: true });
    const saga = odd({ reserveStock, acceptOrder, bookShipment }, async (order, step) => {
      await step.reserveStock(order);
      await step.acceptOrder(order);
      await step.bookShipment(order);
    });
    const happens = { bookShipment: { what: 'refused', code: 'country-not-served' } } as const;
    const { undone } = await rehearsePath(saga, 'its example', happens);
    expect(undone).toEqual(['reserveStock', 'acceptOrder']);
  });

  it('S3: takes an expected refusal for an answer, and reaches what only it leads to', async () => {
    const authorize = compensable(payments.authorize, { undo: 'void authorization', expects: ['declined'] });
    const saga = odd({ authorize, reserveStock }, async (order, step) => {
      const answer = await step.authorize({ ...order, amount });
      if (refused(answer)) await step.reserveStock(order);
    });
    const ways = await waysThrough(saga);
    expect(ways.map(inWords)).toContain('authorize refused (declined): completed');
    expect(unreachedOn(saga, ways)).toEqual([]);
  });

  it('S11: tells what a no, a time-out and an event that does not come lead to', async () => {
    const saga = odd(
      {
        approve: approval({ within: '1 day', otherwise: 'denied' }),
        placed: event('shop.order.placed.v1', { within: '1 day' }),
      },
      async (_order, step, { refuse }) => {
        if ((await step.approve()).decision === 'denied') throw refuse('denied');
        if ((await step.placed()) === undefined) throw refuse('late');
      },
    );
    const causes = (await waysThrough(saga)).map(({ befalls, rehearsal }) => [befalls?.words, rehearsal.cause?.code]);
    expect(causes).toEqual(
      expect.arrayContaining([
        [undefined, undefined],
        ['a person says no', 'denied'],
        ['nobody answers', 'denied'],
        ['it does not come', 'late'],
      ]),
    );
  });
});

describe('a rehearsal finds', () => {
  it.each([
    [
      'S8: a retriable step before the point',
      odd({ reserveStock, notifyCustomer }, async (order, step) => {
        await step.reserveStock(order);
        await anyway(step).notifyCustomer(mail(order));
      }),
      'notifyCustomer is retriable, and before the point of no return',
    ],
    [
      'S8: a compensable step past it',
      odd({ reserveStock, bookShipment }, async (order, step) => {
        const early = step;
        pointOfNoReturn(step);
        await (early as unknown as { bookShipment: (input: unknown) => Promise<unknown> }).bookShipment(order);
        await (early as unknown as { reserveStock: (input: unknown) => Promise<unknown> }).reserveStock(order);
      }),
      'bookShipment is compensable, and past the point of no return',
    ],
    [
      'S8: a point without its pivot',
      odd({ reserveStock, capturePayment }, async (order, step) => {
        await step.reserveStock(order);
        pointOfNoReturn(step);
      }),
      'the point of no return comes before the pivot is done',
    ],
    [
      'a step called twice without an instance',
      odd({ reserveStock }, async (order, step) => {
        await step.reserveStock(order);
        await step.reserveStock(order);
      }),
      'reserveStock is called twice: it needs an instance key',
    ],
    [
      'a step that nobody awaits',
      odd({ reserveStock }, async (order, step) => {
        // oxlint-disable-next-line typescript/no-floating-promises -- the author's mistake
        step.reserveStock(order);
      }),
      'reserveStock is not awaited: the flow returns before its answer',
    ],
    [
      'an error in the flow',
      odd({ reserveStock }, async () => {
        throw new TypeError('no such thing');
      }),
      'the flow throws TypeError: no such thing',
    ],
    [
      'a flow that waits for something else than a step',
      odd({ reserveStock }, () => new Promise(() => {})),
      'the flow waits for something that is no step',
    ],
    [
      'an input that its contract does not take',
      odd({ reserveStock }, async (order, step) => {
        await step.reserveStock({ ...order, lines: [] });
      }),
      'reserveStock is called with what its contract does not take',
    ],
  ])('%s', async (_what, saga, words) => {
    expect(await wrongIn(saga)).toContain(words);
  });

  it.each([
    [
      'the start',
      odd({ reserveStock }, async (order, step, { startedAt }) => {
        await step.reserveStock({ ...order, orderId: startedAt.replaceAll(':', '-') });
      }),
      'reserveStock is not sent the same when the saga starts at another time',
    ],
    [
      'the clock',
      odd({ reserveStock }, async (order, step) => {
        await step.reserveStock({ ...order, orderId: `o-${String(Date.now()).slice(0, 5)}` });
      }),
      'reserveStock is not sent the same at another time of day, or with other dice',
    ],
    [
      'dice',
      odd({ reserveStock }, async (order, step) => {
        await step.reserveStock({ ...order, orderId: `o-${String(Math.random())}` });
      }),
      'reserveStock is not sent the same on a second run of the flow',
    ],
    [
      'the order of answers',
      odd({ reserveStock, authorizePayment, bookShipment }, async (order, step) => {
        let last = '';
        const note = (name: string) => () => {
          last = name;
        };
        await Promise.all([
          step.reserveStock(order).then(note('stock')),
          step.authorizePayment({ ...order, amount }).then(note('payment')),
        ]);
        await step.bookShipment({ ...order, orderId: last });
      }),
      'bookShipment is not sent the same when answers arrive in another order',
    ],
  ])('S19: an input that depends on %s', async (_what, saga, words) => {
    expect(await changingInputs(saga)).toContain(words);
  });

  it('a step that no path reaches, until a path is listed that does', async () => {
    const steps = { reserveStock, bookShipment };
    const flow = async (order: Order, step: Before<typeof steps>) => {
      await step.reserveStock(order);
      if (order.lines.length > 1) await step.bookShipment(order);
    };
    const saga = odd(steps, flow);
    expect(unreachedOn(saga, await waysThrough(saga))).toEqual(['bookShipment']);
    const lines = [...exampleOrder.lines, ...exampleOrder.lines];
    const listed = odd(steps, flow, { 'two lines': { input: { lines } } });
    expect(unreachedOn(listed, await waysThrough(listed))).toEqual([]);
    expect(await diagramOf(listed)).toContain('reserveStock -->|"two lines"| bookShipment');
  });

  it('where a definition says something else than the contracts', async () => {
    const saga = odd(
      {
        reserveStock: { ...reserveStock, undo: 'put it back' },
        lostStep: { ...bookShipment, action: 'bok' },
        lostEvent: { ...event('shop.order.placed.v1', { within: '1 day' }) },
        lostChild: { kind: 'child', saga: 'nobody', key: () => '', undo: null, noUndo: '', each: null, expects: [] },
      },
      async () => null,
    );
    expect(await unlikeContracts(saga)).toEqual([
      `reserveStock calls its undo '"put it back"'; its contract calls it 'release stock'`,
      'lostStep calls shipping.bok, which no contract has',
      'lostEvent waits for shop.order.placed.v1, which no trigger hands to odd',
      'lostChild starts nobody, which is no saga',
    ]);
  });

  it('P11: a saga that may wait until participants have forgotten it', async () => {
    const waits = (within: Span, deadline: Span | null) =>
      unlikeContracts({
        ...odd(
          { first: approval({ within, otherwise: 'denied' }), second: approval({ within, otherwise: 'denied' }) },
          async () => null,
        ),
        definition: {
          name: 'odd',
          deadline,
          steps: {
            first: approval({ within, otherwise: 'denied' }),
            second: approval({ within, otherwise: 'denied' }),
          },
          flow: async () => null,
        },
      });
    expect(await waits('44 days', null)).toEqual([]);
    for (const wrong of [waits('45 days', null), waits('40 days', '10 days')]) {
      expect(await wrong).toEqual([expect.stringContaining('may take 90 days together')]);
    }
  });

  it('S2: an outsider that is taken for another than its contract says, or whose lost answer nobody answers for', async () => {
    const asOutsider = { ...retriable(inventory.ship), serviceKind: 'outside' as const, lane: 'durable' as const };
    const said = await unlikeContracts(
      odd({ shipStock: { ...asOutsider, repeatable: false } } as never, async () => null),
    );
    expect(said).toEqual(['shipStock takes inventory for a outside service, which it is not']);
  });

  it('a child whose key is not the one that its contract makes', async () => {
    const saga = known('fulfilSplitOrder');
    const { bookParcels, ...steps } = saga.definition.steps;
    const wrong = { ...saga.definition, steps: { ...steps, bookParcels: { ...bookParcels, key: () => 'o-2' } } };
    expect(await unlikeContracts({ ...saga, paths: {}, definition: wrong as unknown as Definition })).toEqual([
      `bookParcels has the key 'o-2'; the contract of bookParcels makes it 'o-1'`,
    ]);
  });
});

it('a diagram shows what goes out together, the undos, and the pivot', async () => {
  const diagram = await diagramOf({ ...known('fulfilOrder'), paths: {} });
  expect(diagram).toContain('acceptOrder --> reserveStock\n  acceptOrder --> authorizePayment');
  expect(diagram).toContain('capturePayment{{"capture payment"}}:::pivot');
  expect(diagram).toContain('undo_reserveStock["release stock"]:::undo\n  reserveStock -.-> undo_reserveStock');
});

function known(name: string) {
  const saga = shopApplication.sagas[name];
  if (saga === undefined) throw new Error(`there is no saga ${name}`);
  return { ...saga, app: shopApplication };
}
