import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { approveStep } from '../../packages/client/src/acts/approve-step.ts';
import { isRefused } from '../../packages/client/src/acts/refused.ts';
import { viewSaga } from '../../packages/client/src/views/view-saga.ts';
import { exampleOrder } from '../../contracts/orders.ts';
import type { SagaView } from '../../packages/contracts/src/saga-view.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import { freshNamespace } from '../namespace.ts';
import { startScriptedWorkers } from '../scripted-services.ts';
import { createDispatcher } from '../../packages/api/src/triggers/dispatcher.ts';
import type { Dispatcher, Outcome } from '../../packages/events/src/edge/dispatch.ts';
import type { KnownEvent } from '../../packages/events/src/edge/known-event.ts';
import { shopApi } from '../the-shop.ts';

const log = createLog('test', 'silent');
const RUNS = 12;
const LONG_MS = 300_000;
const TRIES = 20;
const PAUSE_MS = 250;
const END_MS = 30_000;

let temporal: Awaited<ReturnType<typeof freshNamespace>>;
let workers: Awaited<ReturnType<typeof startScriptedWorkers>>;
let dispatcher: Dispatcher;
beforeAll(async () => {
  temporal = await freshNamespace();
  workers = await startScriptedWorkers(temporal.client, temporal.address);
  dispatcher = createDispatcher({ triggers: shopApi.triggers, temporal: temporal.client, times: { entries: {} }, log });
});
afterAll(async () => {
  await workers?.close();
  await temporal?.close();
});

const WORDS = ['placed', 'cancel', 'requested', 'received'] as const;
type Word = (typeof WORDS)[number];

/** Each at least once, in any order; who sends one again may send it thrice. */
const anyOrder = fc
  .tuple(...WORDS.map((word) => fc.integer({ min: 1, max: 3 }).map((times) => Array<Word>(times).fill(word))))
  .chain((lists) => {
    const all = lists.flat();
    return fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length });
  });

/** One event of each word, of one order. */
const eventsOf = (orderId: string): Readonly<Record<Word, KnownEvent>> => {
  const about = { source: '/test', subject: orderId };
  const lines = [{ sku: 'mug', quantity: 2 }];
  const asked = { orderId, customerId: 'c-1', reason: 'too small', lines, shipFrom: { country: 'DE' } };
  const amount = { amount: 1800, currency: 'EUR' };
  return {
    placed: { ...about, type: 'shop.order.placed.v1', id: 'e-1', data: { ...exampleOrder, orderId } },
    cancel: { ...about, type: 'shop.order.cancel-requested.v1', id: 'e-2', data: { orderId, reason: 'why' } },
    requested: { ...about, type: 'shop.return.requested.v1', id: 'e-3', data: { ...asked, amount } },
    received: { ...about, type: 'shop.return.received.v1', id: 'e-4', data: { orderId, lines, condition: 'as-new' } },
  };
};

/** As the broker does: what is unavailable comes again, after the others that are there. */
const delivered = async (event: KnownEvent): Promise<Outcome> => {
  for (let tries = 1; tries <= TRIES; tries++) {
    const { outcome } = await dispatcher.dispatch(event);
    if (outcome !== 'unavailable') return outcome;
    await sleep(PAUSE_MS);
  }
  throw new Error(`${event.type} is never taken`);
};

const ended = async (id: string): Promise<SagaView> => {
  for (const until = Date.now() + END_MS; ;) {
    const view = await viewSaga(temporal.client, id).catch(() => undefined);
    if (view && view.closedAt !== null) return view;
    if (Date.now() > until) throw new Error(`${id} comes to no end: ${JSON.stringify(view)}`);
    await sleep(PAUSE_MS);
  }
};

/** A person says yes to the return as soon as there is something to say yes to. */
const approved = async (id: string): Promise<void> => {
  const request = { actor: 'ann', name: 'approveReturn', decision: 'approved', reason: 'fine' } as const;
  for (let tries = 1; tries <= TRIES; tries++) {
    const answer = await approveStep(temporal.client, { id, request }).catch(() => undefined);
    if (answer && !isRefused(answer)) return;
    await sleep(PAUSE_MS);
  }
  throw new Error(`${id} cannot be approved`);
};

it(
  'E4: in whatever order events come, and however often, every saga comes to a legal end, and none is lost or dead',
  async () => {
    await fc.assert(
      fc.asyncProperty(anyOrder, async (words) => {
        const orderId = `o-${randomUUID()}`;
        const events = eventsOf(orderId);
        const outcomes: [Word, Outcome][] = [];
        for (const word of words) outcomes.push([word, await delivered(events[word])]);
        const of = (word: Word) => outcomes.flatMap(([other, outcome]) => (other === word ? [outcome] : []));

        for (const word of ['placed', 'requested'] as const) {
          const [first, ...repeats] = of(word);
          expect([first, ...new Set(repeats)]).toEqual(repeats.length > 0 ? ['accepted', 'duplicate'] : ['accepted']);
        }
        expect(new Set(of('received'))).toEqual(new Set(['accepted']));

        const order = await ended(`fulfilOrder:${orderId}`);
        // told by whoever took the event, or by the saga itself
        const isTold = workers.toldLate.some(({ saga }) => saga === order.id);
        const isLate = isTold || of('cancel').includes('late');
        expect([isLate, words.indexOf('cancel') < words.indexOf('placed')]).not.toEqual([true, true]);
        expect(order).toMatchObject({ status: isLate ? 'completed' : 'cancelled', input: events.placed.data });
        expect([isLate, ...new Set(of('cancel'))]).toEqual(
          isLate ? [true, ...new Set(of('cancel'))] : [false, 'accepted'],
        );

        await approved(`returnOrder:${orderId}`);
        const goods = await ended(`returnOrder:${orderId}`);
        expect(goods).toMatchObject({ status: 'completed', input: events.requested.data });
        expect(goods.steps.find(({ name }) => name === 'receiveParcel')?.state).toBe('done');
        expect(await delivered(events.received)).toBe('duplicate');
        expect(await delivered({ ...events.received, id: 'e-5' })).toBe('late');
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  },
  LONG_MS,
);
