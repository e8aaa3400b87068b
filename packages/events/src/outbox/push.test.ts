import { drizzle } from 'drizzle-orm/node-postgres';
import type { Pool } from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { orderEvents } from '../../../testing/fixtures/order-events.ts';
import { createLog } from '../../../runtime/src/log.ts';
import { createPool } from '../../../participant/src/database/postgres.ts';
import { freshDatabase, type FreshDatabase } from '../../../testing/src/servers/database.ts';
import { startReceiver, type Answer, type Receiver } from '../../../testing/src/reading/event-receiver.ts';
import { openOutlet } from '../targets/outlet.ts';
import { deadEvents, enqueue, migrateOutbox, outboxBacklog, redrive, redriveAll, startRelay } from './index.ts';

const log = createLog('test', 'silent');
const TYPES = Object.keys(orderEvents);
const TOKEN = 'a-token-of-16-characters';
const WITHIN = { timeout: 20_000, interval: 20 };

let database: FreshDatabase;
let pool: Pool;
let api: Receiver;
let orders: Receiver;
const open: { close: () => Promise<void> }[] = [];

beforeEach(async () => {
  database = await freshDatabase();
  pool = createPool(database.url, log, 20);
  await migrateOutbox(pool);
  api = await startReceiver();
  orders = await startReceiver();
});

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
  await pool.end();
  await database.drop();
  for (const one of [api, orders]) await one.stop().catch(() => undefined);
});

const place = (orderId: string, id: string): Promise<void> =>
  drizzle(pool).transaction((tx) =>
    enqueue(tx, orderEvents, {
      type: 'test.order.cancel-requested.v1',
      source: '/test',
      subject: orderId,
      data: { orderId, reason: id },
      id,
    }),
  );

const receivers = () => [
  { name: 'api', url: api.url, types: TYPES },
  { name: 'orders', url: orders.url, types: TYPES },
];

const relay = async () => {
  const outlet = await openOutlet({ natsUrl: undefined, receivers: receivers(), pushToken: TOKEN }, log);
  const started = startRelay({ pool, targets: outlet.targets, log });
  open.push(started);
  return started;
};

const empty = () => vi.waitFor(async () => expect((await outboxBacklog(pool)).count).toBe(0), WITHIN);

const problem = (status: number, type: string, more: object = {}): Answer => [
  status,
  JSON.stringify({ type: `urn:amends:${type}`, title: 'a title', status, ...more }),
];

describe('the outbox without a broker', () => {
  it('E8: pushes each event to every receiver of its type, as a structured CloudEvent with the token, and then forgets it', async () => {
    await relay();
    for (const id of ['1', '2', '3']) await place('o-1', id);
    await empty();
    expect([api.took, orders.took]).toEqual([
      ['1', '2', '3'],
      ['1', '2', '3'],
    ]);
    expect(api.headers).toContain('POST /events');
    expect(api.headers.filter((one) => one.startsWith('application/cloudevents+json'))).toHaveLength(3);
    expect(api.headers.filter((one) => one === `Bearer ${TOKEN}`)).toHaveLength(3);
  });

  it('E8: a receiver that is away gets all of it in order once it is back, and keeps nothing from the other meanwhile', async () => {
    await orders.stop();
    await relay();
    for (let n = 0; n < 40; n += 1) for (const key of ['a', 'b', 'c']) await place(key, `${key}-${n}`);
    await vi.waitFor(() => expect(api.took).toHaveLength(120), WITHIN);
    expect((await outboxBacklog(pool)).count).toBe(120);
    await orders.start();
    await empty();
    for (const key of ['a', 'b', 'c']) {
      const ids = Array.from({ length: 40 }, (_, n) => `${key}-${n}`);
      expect(orders.took.filter((id) => id.startsWith(key))).toEqual(ids);
      expect(api.took.filter((id) => id.startsWith(key))).toEqual(ids);
    }
  });

  it.each([401, 403, 408, 415, 421, 425, 429, 500, 503, 302])(
    'E8: an answer of %i is no end: the event is pushed again, and those of its key wait for it',
    async (status) => {
      let times = 2;
      api.answer = ({ id }) => (id === 'first' && times-- > 0 ? [status] : [202]);
      await place('o-1', 'first');
      await place('o-1', 'second');
      await place('o-2', 'other');
      await relay();
      await empty();
      expect(api.took.filter((id) => id !== 'other')).toEqual(['first', 'second']);
      expect(api.asked.filter((id) => id === 'first')).toHaveLength(3);
      expect(api.asked.indexOf('second')).toBeGreaterThan(api.asked.lastIndexOf('first'));
      expect((await outboxBacklog(pool)).dead).toBe(0);
    },
  );

  it.each([400, 404, 409, 413, 422])(
    'E8: an answer of %i is final: the event is dead with its reason, for that receiver alone, and its key goes on',
    async (status) => {
      api.answer = ({ id }) =>
        id === 'bad'
          ? problem(status, 'invalid', { detail: 'it is bad', errors: [{ path: 'data.reason', message: 'too short' }] })
          : [202];
      await place('o-1', 'bad');
      await place('o-1', 'good');
      await relay();
      await empty();
      expect([api.asked, api.took, orders.took]).toEqual([['bad', 'good'], ['good'], ['bad', 'good']]);
      expect(await deadEvents(pool, { limit: 10 })).toMatchObject([
        {
          target: 'api',
          reason: `api answered ${status}: a title; it is bad; data.reason: too short`,
          event: { id: 'bad', type: 'test.order.cancel-requested.v1', subject: 'o-1', data: { orderId: 'o-1' } },
        },
      ]);
      expect((await outboxBacklog(pool)).dead).toBe(1);
    },
  );

  it('E8: a dead event is sent again after a fix, once, to the receiver that refused it and to no other', async () => {
    api.answer = () => [422, 'no'];
    await relay();
    for (const id of ['1', '2', '3']) await place('o-1', id);
    await empty();
    api.answer = () => [202];
    const [first] = await deadEvents(pool, { limit: 10 });
    expect(await redrive(pool, first?.id ?? '')).toBe(true);
    expect(await redrive(pool, first?.id ?? '')).toBe(false);
    await empty();
    expect(api.took).toEqual(['1']);
    expect(await redriveAll(pool)).toBe(2);
    await empty();
    expect([api.took, orders.took]).toEqual([
      ['1', '2', '3'],
      ['1', '2', '3'],
    ]);
    expect((await outboxBacklog(pool)).dead).toBe(0);
  });

  it('E8: a dead event that is refused again is dead again', async () => {
    api.answer = () => [422, 'no'];
    await relay();
    await place('o-1', '1');
    await empty();
    expect(await redriveAll(pool)).toBe(1);
    await vi.waitFor(async () => expect(await deadEvents(pool, { limit: 10 })).toHaveLength(1), WITHIN);
    expect(api.asked).toEqual(['1', '1']);
    expect(orders.asked).toEqual(['1']);
  });

  it('E8: forty keys that are put off hold up no other key', async () => {
    api.answer = ({ id }) => (id.startsWith('stuck') ? [503] : [202]);
    for (let n = 0; n < 40; n += 1) await place(`s-${n}`, `stuck-${n}`);
    await relay();
    await vi.waitFor(() => expect(api.asked.length).toBeGreaterThan(30), WITHIN);
    await place('o-fine', 'fine');
    await vi.waitFor(() => expect(api.took).toEqual(['fine']), WITHIN);
  });

  it('E8: what waits when a broker comes, or goes, is delivered all the same', async () => {
    const none = { natsUrl: undefined, receivers: receivers() };
    await orders.stop();
    const pushing = startRelay({ pool, targets: (await openOutlet(none, log)).targets, log });
    await place('o-1', 'half');
    await vi.waitFor(() => expect(api.took).toEqual(['half']), WITHIN);
    await pushing.close();
    const published: string[] = [];
    const broker = {
      name: 'broker',
      types: 'all',
      deliver: async ({ id }: { id: string }) => void published.push(id),
    } as const;
    open.push(startRelay({ pool, targets: [broker], log }));
    await empty();
    expect(published).toEqual(['half']);
  });
});
