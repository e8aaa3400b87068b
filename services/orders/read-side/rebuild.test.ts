import { randomUUID } from 'node:crypto';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import * as fc from 'fast-check';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleOrder, OrderView, type Order, type OrderStatus } from '../../../contracts/orders.ts';
import { RebuildNews } from '../../../contracts/rebuild.ts';
import type { SagaEnd } from '../../../packages/contracts/src/saga-view.ts';
import { EVENTS_STREAM } from '../../../packages/contracts/src/protocol/streams.ts';
import { BUCKET_LOCK } from '../../../packages/events/src/outbox/locks.ts';
import { BUCKETS } from '../../../packages/events/src/outbox/migrate.ts';
import { newEvent } from '../../../packages/events/src/edge/new-event.ts';
import { connectPublisher, type Publisher } from '../../../packages/events/src/broker/publisher.ts';
import { createLog } from '../../../packages/runtime/src/log.ts';
import { endEvent, eventsOfOrder, returnedEvent } from '../../../testing/order-events.ts';
import { ownNats, type OwnNats } from '../../../packages/testing/src/servers/own-nats.ts';
import {
  startServiceUnderTest,
  type ServiceUnderTest,
} from '../../../packages/testing/src/services/service-under-test.ts';
import { inTransaction } from '../../../packages/participant/src/service/database.ts';
import { wireOrders } from '../wiring.ts';
import { factOf } from './fact-of.ts';
import { GATE_LOCK, ORDER_LOCK } from './locks.ts';
import { project } from './project.ts';
import { rowOf } from './row-of.ts';

const STARTED_WITHIN_MS = 120_000;
/** The machine may be busy. */
const soon = { timeout: 30_000 };

/** A broker of its own: whatever is in the stream is an order of this service. */
let nats: OwnNats;
let orders: ServiceUnderTest;
let publisher: Publisher;
beforeAll(async () => {
  nats = await ownNats();
  orders = await startServiceUnderTest('orders', (parts) =>
    wireOrders(parts, { natsUrl: nats.url, durable: 'orders-rebuilt' }),
  );
  publisher = await connectPublisher(nats.url, createLog('test', 'silent'));
}, STARTED_WITHIN_MS);
afterAll(async () => {
  await publisher?.close();
  await orders?.close();
  await nats?.remove();
}, STARTED_WITHIN_MS);

type Saga = 'fulfilOrder' | 'fulfilSplitOrder';

const view = async (orderId: string) => OrderView.parse((await orders.ask(`GET /orders/${orderId}`)).json);
const becomes = async (orderId: string, status: OrderStatus): Promise<void> => {
  await expect.poll(async () => (await view(orderId)).status, soon).toBe(status);
};
const newOrder = (name: string): Order => ({ ...exampleOrder, orderId: `${name}-${randomUUID().slice(0, 8)}` });
const placed = async (name: string): Promise<Order> => {
  const order = newOrder(name);
  expect((await orders.ask('POST /orders', order)).status).toBe(201);
  return order;
};
const accept = async (order: Order, saga: Saga = 'fulfilOrder'): Promise<Order> => {
  const key = `${saga}:${order.orderId}/acceptOrder`;
  expect((await orders.asSaga(key, `/orders/${order.orderId}/accept`, order)).status).toBe(200);
  return order;
};
const release = async (order: Order, saga: Saga = 'fulfilOrder'): Promise<Order> => {
  const key = `${saga}:${order.orderId}/acceptOrder`;
  expect((await orders.asSaga(key, '/saga-operations/undo')).status).toBe(200);
  return order;
};
const publish = async (event: ReturnType<typeof endEvent>): Promise<void> => {
  if (event.type === 'order.released') throw new Error('nobody is told of a release');
  const { type, id, source, data } = event;
  await publisher.publish(newEvent({ type, id, source, subject: event.subject ?? '', data }));
};
const now = () => new Date().toISOString();
const end = ({ orderId }: Order, how: SagaEnd, saga: Saga = 'fulfilOrder') =>
  publish(endEvent(orderId, saga, how, now()));

/** Orders that have come to every end there is, and to none. */
const everyEnd = async (): Promise<readonly Order[]> => {
  const confirmed = await accept(await placed('confirmed'));
  await end(confirmed, 'completed');
  const rejected = await release(await accept(await placed('rejected')));
  await end(rejected, 'compensated');
  const cancelled = await placed('cancelled');
  await end(cancelled, 'cancelled');
  const split = await accept(newOrder('split'), 'fulfilSplitOrder');
  await end(split, 'completed', 'fulfilSplitOrder');
  const returned = await accept(await placed('returned'));
  await end(returned, 'completed');
  await publish(returnedEvent(returned.orderId, now()));
  const passedOn = await accept(await release(await accept(await placed('passed-on'))), 'fulfilSplitOrder');
  await end(passedOn, 'compensated');
  for (const [{ orderId }, status] of [
    [confirmed, 'confirmed'],
    [rejected, 'rejected'],
    [cancelled, 'cancelled'],
    [split, 'confirmed'],
    [returned, 'returned'],
    [passedOn, 'accepted'],
  ] as const) {
    await becomes(orderId, status);
  }
  return [
    confirmed,
    rejected,
    cancelled,
    split,
    returned,
    passedOn,
    await placed('open'),
    await accept(newOrder('held')),
  ];
};

/** Every row that is served, byte for byte, and the generation that they are of. */
const served = async (): Promise<{ generation: unknown; rows: readonly unknown[] }> => {
  const { rows } = await orders.pool.query<{ generation: number; row: unknown }>(
    `select generation, row_to_json(order_views)::jsonb - 'generation' || jsonb_build_object(
       'lines', lines::text, 'history', history::text) as row
     from order_views where generation = (select current from order_read_side) order by order_id`,
  );
  return { generation: rows[0]?.generation, rows: rows.map(({ row }) => row) };
};

const newsOf = (text: string): RebuildNews[] =>
  text
    .trim()
    .split('\n')
    .map((line) => RebuildNews.parse(JSON.parse(line)));
const rebuilt = async (): Promise<RebuildNews | undefined> => {
  const { status, text } = await orders.ask('POST /read-side/rebuild');
  expect({ status, text }).toMatchObject({ status: 200 });
  return newsOf(text).at(-1);
};

/** Nothing that a rebuild left half-made, or replaced. */
const expectNoneLeft = async (): Promise<void> => {
  const { rows } = await orders.pool.query(`
    select (select count(*)::int from order_facts where generation <> current) as facts,
      (select count(*)::int from order_views where generation <> current) as views, building from order_read_side`);
  expect(rows).toEqual([{ facts: 0, views: 0, building: null }]);
};

const connected = async (): Promise<Client> => {
  const client = new Client({ connectionString: orders.pool.options.connectionString });
  // the database may be gone before the test is
  client.on('error', () => {});
  await client.connect();
  return client;
};

/** Keeps every other transaction from the rows of that order, and so a rebuild in its middle. */
const heldUp = async (orderId: string): Promise<() => Promise<void>> => {
  const client = await connected();
  await client.query('select pg_advisory_lock($1, hashtext($2))', [ORDER_LOCK, orderId]);
  return () => client.end();
};
const isBuilding = async (): Promise<boolean> => {
  const { rows } = await orders.pool.query<{ building: number | null }>('select building from order_read_side');
  return rows[0]?.building !== null;
};

describe('the read side rebuilt from the stream', () => {
  it('E6: has the same rows as before, byte for byte, of orders of every end', async () => {
    const all = await everyEnd();
    const before = await served();
    expect(before.rows).toHaveLength(all.length);
    expect(await rebuilt()).toMatchObject({ is: 'done', orders: all.length, changed: 0 });
    const after = await served();
    expect(after.rows).toEqual(before.rows);
    expect(after.generation).not.toBe(before.generation);
    await expectNoneLeft();
  });

  it.each([
    ['rows are wrong', `update order_views set status = 'placed', history = '[]', tracking_number = 'none', total = 1`],
    ['rows are missing', `delete from order_views where status <> 'confirmed'`],
    [
      'there is a row of nobody',
      `insert into order_views select current, 'nobody', 'placed', null, null, 'EUR', '[]', 0, '[]', now() from order_read_side`,
    ],
    ['facts are wrong', `update order_facts set fact = '{"kind":"returned","at":"2020-01-01T00:00:00.000Z"}'`],
    ['facts cannot be read', `update order_facts set fact = '{}'`],
    ['all is gone', `with facts as (delete from order_facts) delete from order_views`],
  ])('E6: is whole again when %s', async (_, corrupt) => {
    await everyEnd();
    const { rows } = await served();
    await orders.pool.query(corrupt);
    expect(await rebuilt()).toMatchObject({ is: 'done', orders: rows.length });
    expect((await served()).rows).toEqual(rows);
  });

  it('E6: keeps what happens meanwhile, of orders old and new', async () => {
    const held = await accept(await placed('meanwhile'));
    const letGo = await heldUp(held.orderId);
    const rebuilding = rebuilt();
    await expect.poll(isBuilding, soon).toBe(true);
    const fresh = await accept(await placed('meanwhile-new'));
    await end(fresh, 'completed');
    await becomes(fresh.orderId, 'confirmed');
    await letGo();
    await end(held, 'completed');
    expect(await rebuilding).toMatchObject({ is: 'done' });
    await becomes(held.orderId, 'confirmed');
    expect(await view(fresh.orderId)).toMatchObject({ status: 'confirmed', trackingNumber: 'T1' });
    expect(await rebuilt()).toMatchObject({ changed: 0 });
  });

  it('E6: keeps what happens when all has been read, and the new rows are about to be served', async () => {
    const held = await placed('last-moment');
    const letGo = await heldUp(held.orderId);
    const rebuilding = rebuilt();
    await expect.poll(isBuilding, soon).toBe(true);
    const gate = await connected();
    await gate.query('select pg_advisory_lock_shared($1, 0)', [GATE_LOCK]);
    await letGo();
    const atTheGate = `select 1 from pg_locks where locktype = 'advisory' and classid = ${GATE_LOCK} and not granted`;
    await expect.poll(async () => (await gate.query(atTheGate)).rowCount, { ...soon, interval: 10 }).toBe(1);
    const fresh = await accept(await placed('last-moment-new'));
    await gate.end();
    expect(await rebuilding).toMatchObject({ is: 'done' });
    expect(await view(fresh.orderId)).toMatchObject({ status: 'accepted' });
  });

  it('E6: keeps orders of which the stream holds no event any more, also when only their latest is left', async () => {
    const old = await accept(await placed('old'));
    await end(old, 'completed');
    await becomes(old.orderId, 'confirmed');
    const waiting = async () => (await orders.pool.query('select 1 from outbox')).rowCount;
    await expect.poll(waiting, soon).toBe(0);
    const nc = await connect({ servers: nats.url });
    await (await jetstreamManager(nc)).streams.purge(EVENTS_STREAM);
    await nc.close();
    await publish(returnedEvent(old.orderId, now()));
    await becomes(old.orderId, 'returned');
    const { rows } = await served();
    expect(await rebuilt()).toMatchObject({ is: 'done', events: 1, orders: rows.length, changed: 0 });
    expect((await served()).rows).toEqual(rows);
    expect(await view(old.orderId)).toMatchObject({ status: 'returned', trackingNumber: 'T1' });
  });

  it('E6: knows what waits in the outbox, whatever became of the rows', async () => {
    const client = await connected();
    await client.query(
      `select pg_advisory_lock($1, hashtext('broker/' || bucket)) from generate_series(0, $2) bucket`,
      [BUCKET_LOCK, BUCKETS - 1],
    );
    const order = await accept(await placed('waiting'));
    const before = await view(order.orderId);
    await orders.pool.query('with facts as (delete from order_facts) delete from order_views');
    expect(await rebuilt()).toMatchObject({ is: 'done' });
    expect(await view(order.orderId)).toEqual(before);
    await client.end();
  });

  it('is one at a time: a second says so, 409', async () => {
    const { orderId } = await placed('second');
    const letGo = await heldUp(orderId);
    const first = rebuilt();
    await expect.poll(isBuilding, soon).toBe(true);
    expect(await orders.ask('POST /read-side/rebuild')).toMatchObject({
      status: 409,
      json: { detail: 'a rebuild is under way' },
    });
    await letGo();
    expect(await first).toMatchObject({ is: 'done' });
  });

  it('is given up when nobody listens any more, and the next one begins anew', async () => {
    const { orderId } = await placed('given-up');
    const letGo = await heldUp(orderId);
    const stopped = new AbortController();
    const response = await fetch(`${orders.url}/read-side/rebuild`, { method: 'POST', signal: stopped.signal });
    expect(response.status).toBe(200);
    await expect.poll(isBuilding, soon).toBe(true);
    stopped.abort();
    await letGo();
    await expect.poll(async () => (await orders.ask('POST /read-side/rebuild')).status, soon).toBe(200);
    await expectNoneLeft();
  });

  it('E6: fails with a sentence when the broker is away, and orders are shown as before', async () => {
    const { rows } = await served();
    await nats.kill();
    expect(await rebuilt()).toMatchObject({ is: 'failed', why: expect.stringContaining('out of reach') });
    expect((await served()).rows).toEqual(rows);
    await nats.restart();
    await expect.poll(async () => (await rebuilt())?.is, { timeout: 60_000 }).toBe('done');
    expect((await served()).rows).toEqual(rows);
    await expectNoneLeft();
  });
});

it('without a broker there is nothing to rebuild from: 409 says so', async () => {
  const alone = await startServiceUnderTest('orders', (parts) =>
    wireOrders(parts, {
      natsUrl: undefined,
      receivers: [{ name: 'api', url: 'http://127.0.0.1:1', types: ['shop.order.placed.v1'] }],
      durable: 'none',
    }),
  );
  try {
    expect(await alone.ask('POST /read-side/rebuild')).toMatchObject({
      status: 409,
      json: { detail: expect.stringContaining('NATS_URL=none') },
    });
  } finally {
    await alone.close();
  }
});

it('E3 E6: events in any order, some again, several at once, come to the same row', async () => {
  for (let n = 0; n < 40; n++) {
    const orderId = `any-${n}-${randomUUID().slice(0, 8)}`;
    const [events = []] = fc.sample(eventsOfOrder(orderId), { numRuns: 1, seed: n });
    const [heard = []] = fc.sample(fc.shuffledSubarray([...events, ...events], { minLength: events.length }), {
      numRuns: 1,
      seed: n,
    });
    await Promise.all([...heard, ...events].map((event) => inTransaction(orders.pool, (tx) => project(tx, event))));
    const row = rowOf(
      orderId,
      events.flatMap((event) => factOf(event) ?? []),
    );
    const { json } = await orders.ask(`GET /orders/${orderId}`);
    const { placedAt: _, ...shown } = row ?? { placedAt: null, type: 'urn:amends:not-found' };
    expect(json).toMatchObject(shown);
  }
});
