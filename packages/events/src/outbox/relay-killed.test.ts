import { setTimeout as sleep } from 'node:timers/promises';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Pool } from 'pg';
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { EVENTS_STREAM } from '../../../contracts/src/protocol/streams.ts';
import { orderEvents } from '../../../testing/fixtures/order-events.ts';
import { createLog } from '../../../runtime/src/log.ts';
import { createPool } from '../../../participant/src/database/postgres.ts';
import { freshDatabase, type FreshDatabase } from '../../../testing/src/servers/database.ts';
import { startReceiver, type Receiver } from '../../../testing/src/reading/event-receiver.ts';
import { readStream } from '../../../testing/src/reading/read-stream.ts';
import { relayProcesses, type RelayProcesses } from '../../../testing/fixtures/relay-processes.ts';
import { enqueue, migrateOutbox, outboxBacklog } from './index.ts';

const log = createLog('test', 'silent');
const LIMIT_MS = 180_000;
const WITHIN = { timeout: 90_000, interval: 50 };

let database: FreshDatabase;
let pool: Pool;
let api: Receiver;
let orders: Receiver;
let relays: RelayProcesses | undefined;

beforeEach(async () => {
  database = await freshDatabase();
  pool = createPool(database.url, log, 20);
  await migrateOutbox(pool);
  [api, orders] = await Promise.all([startReceiver(), startReceiver()]);
});

afterEach(async () => {
  await relays?.killAll();
  await pool.end();
  await database.drop();
  await Promise.all([api.stop(), orders.stop()]);
});

const KEYS = ['a', 'b', 'c', 'd', 'e', 'f'];
const PER_KEY = 50;
const run = (): string => `${process.pid}-${Math.random().toString(36).slice(2, 8)}`;

const place = (key: string, id: string): Promise<void> =>
  drizzle(pool).transaction((tx) =>
    enqueue(tx, orderEvents, {
      type: 'test.order.cancel-requested.v1',
      source: '/test',
      subject: key,
      data: { orderId: key, reason: id },
      id,
    }),
  );

/** Several writers at once, each committing in its own time; answers the ids of each key in commit order, as the lock of the key makes it. */
const produce = async (keys: readonly string[], pauseMs: number): Promise<void> => {
  await Promise.all(
    keys.map(async (key) => {
      for (let n = 0; n < PER_KEY; n += 1) {
        await place(key, `${key}#${n}`);
        await sleep(pauseMs);
      }
    }),
  );
};

const empty = () => vi.waitFor(async () => expect((await outboxBacklog(pool)).count).toBe(0), WITHIN);

const expected = (key: string): string[] => Array.from({ length: PER_KEY }, (_, n) => `${key}#${n}`);

/** What came of a key: each event, in order; a repeat begins at some earlier event, and from there on the order is kept again. */
const expectInOrder = (took: readonly string[], key: string): void => {
  const came = took.filter((id) => id.startsWith(`${key}#`)).map((id) => Number(id.slice(key.length + 1)));
  expect([...new Set(came)]).toEqual(Array.from({ length: PER_KEY }, (_, n) => n));
  for (const [at, n] of came.entries()) expect(n).toBeLessThanOrEqual((came[at - 1] ?? -1) + 1);
};

describe('several relay processes on one outbox', () => {
  it(
    'E6 fault 44: relays killed one after the other lose nothing and disorder no key; the broker has each event once',
    async () => {
      const keys = KEYS.map((key) => `${key}-${run()}`);
      const natsUrl = inject('natsUrl');
      relays = await relayProcesses([database.url, natsUrl]);
      for (let n = 0; n < 3; n += 1) await relays.start();
      const producing = produce(keys, 60);
      for (let kills = 0; kills < 6; kills += 1) {
        await sleep(500);
        relays.running()[0]?.kill('SIGKILL');
        await relays.start();
      }
      await producing;
      await empty();
      const events = (await readStream(natsUrl, EVENTS_STREAM)).map((one) =>
        one.json<{ id: string; subject: string }>(),
      );
      for (const key of keys) {
        expect(events.filter(({ subject }) => subject === key).map(({ id }) => id)).toEqual(expected(key));
      }
    },
    LIMIT_MS,
  );

  it(
    'E6 E8 fault 45: relays killed after an event was taken and before they know: it comes again, in order, and no other is lost',
    async () => {
      relays = await relayProcesses([database.url, 'none', api.url, orders.url]);
      for (let n = 0; n < 3; n += 1) await relays.start();
      const deadly = new Set(['a#7', 'b#20', 'c#33', 'd#46']);
      const killed: string[] = [];
      let restarted = Promise.resolve();
      api.answer = ({ id }) => {
        if (!deadly.delete(id)) return [202];
        killed.push(id);
        for (const child of relays?.running() ?? []) child.kill('SIGKILL');
        restarted = restarted.then(async () => void (await Promise.all([relays?.start(), relays?.start()])));
        return [202];
      };
      await produce(KEYS, 20);
      await vi.waitFor(() => expect(deadly.size).toBe(0), WITHIN);
      await restarted;
      await empty();
      for (const key of KEYS) {
        expectInOrder(api.took, key);
        expectInOrder(orders.took, key);
      }
      expect(killed).toHaveLength(4);
      for (const id of killed) expect(api.took.filter((one) => one === id).length).toBeGreaterThan(1);
    },
    LIMIT_MS,
  );

  it(
    'E6: a relay that froze with its keys loses them to another, and delivers none of them any more when it goes on',
    async () => {
      relays = await relayProcesses([database.url, 'none', api.url, orders.url]);
      const frozen = await relays.start();
      const freezing = 'a#5';
      api.answer = ({ id }) => {
        if (id === freezing && api.took.filter((one) => one === id).length === 0) frozen.kill('SIGSTOP');
        return [202];
      };
      for (const id of expected('a')) await place('a', id);
      await vi.waitFor(() => expect(api.took).toContain(freezing), WITHIN);
      await relays.start();
      await empty();
      const taken = api.took.length;
      frozen.kill('SIGCONT');
      for (let n = 0; n < PER_KEY; n += 1) await place('b', `b#${n}`);
      await empty();
      await sleep(2_000);
      // but for what was in flight
      expect(api.took.length - PER_KEY - taken).toBeLessThanOrEqual(1);
      for (const key of ['a', 'b']) expectInOrder(api.took, key);
      expect(api.took.filter((id) => id.startsWith('b#'))).toEqual(expected('b'));
    },
    LIMIT_MS,
  );
});
