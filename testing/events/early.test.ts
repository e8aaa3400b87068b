import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listSagas } from '../../packages/client/src/views/list-sagas.ts';
import { startEarly } from '../../packages/client/src/starts/start-early.ts';
import { viewSaga } from '../../packages/client/src/views/view-saga.ts';
import { exampleOrder, type Order } from '../../contracts/orders.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import { freshNamespace } from '../namespace.ts';
import { startScriptedWorkers } from '../scripted-services.ts';
import { createDispatcher } from '../../packages/api/src/triggers/dispatcher.ts';
import type { Dispatcher } from '../../packages/events/src/edge/dispatch.ts';
import type { KnownEvent } from '../../packages/events/src/edge/known-event.ts';
import { eventMessage } from '../../packages/testing/src/bench/event-message.ts';
import { shopApi, shopTemporal } from '../the-shop.ts';

const log = createLog('test', 'silent');
const times = { entries: {} };

let temporal: Awaited<ReturnType<typeof freshNamespace>>;
/** Two processes of the API. */
let dispatchers: readonly [Dispatcher, Dispatcher];
let second: Connection;
beforeAll(async () => {
  temporal = await freshNamespace();
  const { address, namespace, client } = temporal;
  second = await Connection.connect({ address });
  const other = shopTemporal(new Client({ connection: second, namespace }));
  dispatchers = [
    createDispatcher({ triggers: shopApi.triggers, temporal: client, times, log }),
    createDispatcher({ triggers: shopApi.triggers, temporal: other, times, log }),
  ];
});
afterAll(async () => {
  await second?.close();
  await temporal?.close();
});

const newOrder = (): Order => ({ ...exampleOrder, orderId: `o-${randomUUID()}` });
const placed = (data: Order): KnownEvent => ({
  type: 'shop.order.placed.v1',
  id: randomUUID(),
  source: '/test',
  subject: data.orderId,
  data,
});
const cancelOf = ({ orderId }: Order): KnownEvent => ({
  type: 'shop.order.cancel-requested.v1',
  id: randomUUID(),
  source: '/test',
  subject: orderId,
  data: { orderId, reason: 'why' },
});
const idOf = ({ orderId }: Order) => `fulfilOrder:${orderId}`;
const handleOf = (order: Order) => temporal.client.workflow.getHandle(idOf(order));
const runsOf = async (order: Order): Promise<string[]> => {
  const runs = [];
  for await (const { status } of temporal.client.workflow.list({ query: `WorkflowId = '${idOf(order)}'` })) {
    runs.push(status.name);
  }
  return runs;
};

describe('an event that comes before what starts its saga, while no worker runs', () => {
  it('E4: is not kept of a saga that others start for a step: it is to be sent again, and in nobody’s way', async () => {
    const { client } = temporal;
    const key = newOrder().orderId;
    const trigger = { kind: 'event', id: 'e-1', type: 'any', source: '/test' } as const;
    for (const saga of ['bookParcels', 'cancelParcels']) {
      const early = { saga, key, trigger, times, event: eventMessage('any', null) };
      await expect(startEarly(client, early)).rejects.toMatchObject({ name: 'Unavailable' });
      await expect(client.workflow.getHandle(`${saga}:${key}`).describe()).rejects.toThrow(/not found/i);
    }
  });

  it('E4 E2 E3: is taken at once, and so is what starts its saga, which is told from its repeats and from others', async () => {
    const [dispatcher] = dispatchers;
    const order = newOrder();
    expect(await dispatcher.dispatch(cancelOf(order))).toEqual({ outcome: 'accepted', problem: null });
    expect(await dispatcher.dispatch(placed(order))).toEqual({ outcome: 'accepted', problem: null });
    expect(await dispatcher.dispatch(placed(order))).toMatchObject({ outcome: 'duplicate' });
    const other = placed({ ...order, customerId: 'somebody-else' });
    expect(await dispatcher.dispatch(other)).toMatchObject({ outcome: 'conflict', problem: { status: 409 } });
  });

  it('E4: thirty cancels at once from two processes, whose saga is not there, are one run', async () => {
    const order = newOrder();
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, (_, n) => dispatchers[n % 2 === 0 ? 0 : 1].dispatch(cancelOf(order))),
    );
    // who does not start it cancels it by a signal, which needs no worker
    expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['accepted']));
    await expect.poll(() => runsOf(order), { timeout: 15_000 }).toEqual(['RUNNING']);
  }, 60_000);
});

describe('an event that comes before what starts its saga', () => {
  let workers: Awaited<ReturnType<typeof startScriptedWorkers>>;
  beforeAll(async () => {
    workers = await startScriptedWorkers(temporal.client, temporal.address);
  });
  afterAll(() => workers?.close());

  it('E4: shows its saga as running, by itself and in the list, with nothing but what came', async () => {
    const [dispatcher] = dispatchers;
    const order = newOrder();
    const cancel = cancelOf(order);
    await dispatcher.dispatch(cancel);
    const { type, id, source } = cancel;
    const trigger = { kind: 'event', id, type, source };
    const shown = { id: idOf(order), status: 'running', deadlineAt: null, closedAt: null, trigger };
    const nothing = { input: null, result: null, cause: null };
    expect(await viewSaga(temporal.client, idOf(order))).toMatchObject({ ...shown, ...nothing });
    const filter = { status: 'running', key: order.orderId } as const;
    const list = async () => (await listSagas(temporal.client, { filter, limit: 10, from: null })).items;
    await expect.poll(list, { timeout: 15_000 }).toMatchObject([shown]);
  });

  it('E4: a saga that began so is listed by the time of its own start, and once', async () => {
    const [dispatcher] = dispatchers;
    const order = newOrder();
    await dispatcher.dispatch(cancelOf(order));
    await dispatcher.dispatch(placed(order));
    await expect(handleOf(order).result()).rejects.toThrow(/cancel/i);
    const filter = { status: 'cancelled', key: order.orderId } as const;
    const list = async () => (await listSagas(temporal.client, { filter, limit: 10, from: null })).items;
    await expect.poll(list, { timeout: 15_000 }).toMatchObject([{ id: idOf(order), status: 'cancelled' }]);
    expect(await viewSaga(temporal.client, idOf(order))).toMatchObject({ input: order });
  });

  it('E4: an order and its cancel at the same moment, in two processes, are one saga, and neither is lost', async () => {
    for (let round = 0; round < 15; round++) {
      const order = newOrder();
      const events = [placed(order), cancelOf(order), placed(order), cancelOf(order)];
      const outcomes = await Promise.all(events.map((event, n) => dispatchers[n % 2 === 0 ? 0 : 1].dispatch(event)));
      const [order1, cancel1, order2, cancel2] = outcomes.map(({ outcome }) => outcome);
      expect(new Set([order1, order2])).toEqual(new Set(['accepted', 'duplicate']));
      const end = await handleOf(order)
        .result()
        .then(() => 'completed')
        .catch(() => 'cancelled');
      // what was late has changed nothing; what was not has cancelled it
      const taken = [cancel1, cancel2];
      expect(taken.every((outcome) => outcome === 'accepted' || outcome === 'late')).toBe(true);
      const isTold = workers.toldLate.some(({ saga }) => saga === idOf(order));
      expect(isTold || taken.includes('late')).toBe(end === 'completed');
      const view = await viewSaga(temporal.client, idOf(order));
      expect(view).toMatchObject({ status: end, input: order });
    }
  }, 120_000);
});
