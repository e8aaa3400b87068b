import { setTimeout as sleep } from 'node:timers/promises';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { EVENTS_STREAM } from '../../../contracts/src/protocol/streams.ts';
import { orderEvents } from '../../../testing/fixtures/order-events.ts';
import { createLog } from '../../../runtime/src/log.ts';
import { createPool } from '../../../participant/src/database/postgres.ts';
import { freshDatabase, type FreshDatabase } from '../../../testing/src/servers/database.ts';
import { ownNats, type OwnNats } from '../../../testing/src/servers/own-nats.ts';
import { readStream } from '../../../testing/src/reading/read-stream.ts';
import { newEvent } from '../edge/new-event.ts';
import { connectPublisher, type Publisher } from '../broker/publisher.ts';
import type { Target } from '../targets/target.ts';
import { enqueue, migrateOutbox, outboxBacklog, startRelay } from './index.ts';

const log = createLog('test', 'silent');
const WITHIN = { timeout: 20_000, interval: 50 };

const to = (deliver: Target['deliver']): Target[] => [{ name: 'broker', types: 'all', deliver }];

let nats: OwnNats;
let database: FreshDatabase;
let pool: Pool;
let publisher: Publisher;

beforeAll(async () => {
  nats = await ownNats();
});
afterAll(() => nats.remove());

beforeEach(async () => {
  database = await freshDatabase();
  pool = createPool(database.url, log);
  await migrateOutbox(pool);
  publisher = await connectPublisher(nats.url, log);
});

afterEach(async () => {
  await publisher.close();
  await pool.end();
  await database.drop();
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

/** The ids of a key's events in the stream, in its order, repeats included. */
const idsInStream = async (orderId: string): Promise<string[]> =>
  (await readStream(nats.url, EVENTS_STREAM))
    .map((message) => message.json<{ id: string; subject: string }>())
    .filter(({ subject }) => subject === orderId)
    .map(({ id }) => id);

const empty = () => vi.waitFor(async () => expect((await outboxBacklog(pool)).count).toBe(0), WITHIN);

/** Many events of a key, so close to each other that some are in flight at any time. */
const produce = async (key: string): Promise<string[]> => {
  const ids: string[] = [];
  for (let n = 0; n < 100; n += 1) {
    const id = `${key}-${n}`;
    await place(key, id);
    ids.push(id);
    await sleep(4);
  }
  return ids;
};

describe('the outbox and a real broker', () => {
  it('E6: a broker killed and started again in the middle loses no event and keeps the order of each key', async () => {
    const relay = startRelay({ pool, targets: to(publisher.publish), log });
    const producing = Promise.all(['k-1', 'k-2', 'k-3', 'k-4', 'k-5', 'k-6'].map(produce));
    await sleep(400);
    await nats.kill();
    await sleep(700);
    await nats.restart();
    const produced = await producing;
    await empty();
    for (const ids of produced) {
      const key = ids[0]?.slice(0, 3) ?? '';
      expect([...new Set(await idsInStream(key))]).toEqual(ids);
    }
    await relay.close();
  });

  it('E6: an event whose acknowledgement was lost is published again and is in the stream once', async () => {
    let losses = 3;
    const relay = startRelay({
      pool,
      log,
      targets: to(async (event, messageId) => {
        await publisher.publish(event, messageId);
        if (losses-- > 0) throw new Error('the acknowledgement was lost');
      }),
    });
    await place('k-lost', 'one');
    await place('k-lost', 'two');
    await empty();
    expect(await idsInStream('k-lost')).toEqual(['one', 'two']);
    await relay.close();
  });

  it('E6: a publisher that starts before its broker publishes once the broker is there', async () => {
    await nats.kill();
    const early = await connectPublisher(nats.url, log);
    const relay = startRelay({ pool, targets: to(early.publish), log });
    await place('k-early', 'early');
    await sleep(300);
    expect(early.connected()).toBe(false);
    await nats.restart();
    await empty();
    expect(early.connected()).toBe(true);
    expect(await idsInStream('k-early')).toEqual(['early']);
    await relay.close();
    await early.close();
  });

  it('E6: what cannot be published is told within 10 s, and closing does not wait for a broker that is away', async () => {
    await nats.kill();
    const lonely = await connectPublisher(nats.url, log);
    const from = performance.now();
    const event = newEvent({
      type: 'test.order.cancel-requested.v1',
      source: '/test',
      subject: 'o-1',
      data: { orderId: 'o-1', reason: 'why' },
    });
    await expect(lonely.publish(event)).rejects.toThrow(/out of reach/);
    expect(performance.now() - from).toBeLessThan(10_000);
    const closing = performance.now();
    await lonely.close();
    expect(performance.now() - closing).toBeLessThan(3_000);
    await nats.restart();
  });
});
