import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Pool } from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { orderEvents } from '../../../testing/fixtures/order-events.ts';
import { createLog } from '../../../runtime/src/log.ts';
import { createPool } from '../../../participant/src/database/postgres.ts';
import { freshDatabase, type FreshDatabase } from '../../../testing/src/servers/database.ts';
import type { CloudEvent } from '../edge/cloud-event.ts';
import type { Target } from '../targets/target.ts';
import { enqueue, migrateOutbox, outboxBacklog, startRelay, type Relay } from './index.ts';
import type { Transaction } from './transaction.ts';

const log = createLog('test', 'silent');
const WITHIN = { timeout: 10_000, interval: 20 };

const to = (deliver: Target['deliver']): Target[] => [{ name: 'broker', types: 'all', deliver }];

let database: FreshDatabase;
let pool: Pool;
const open: { close: () => Promise<void> }[] = [];

beforeEach(async () => {
  database = await freshDatabase();
  pool = createPool(database.url, log, 20);
  await Promise.all([migrateOutbox(pool), migrateOutbox(pool)]);
});

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
  await pool.end();
  await database.drop();
});

const cancel = (orderId: string, id: string) => ({
  type: 'test.order.cancel-requested.v1' as const,
  source: '/test',
  subject: orderId,
  data: { orderId, reason: id },
  id,
});

const place = (orderId: string, id: string = randomUUID()): Promise<void> =>
  drizzle(pool).transaction((tx) => enqueue(tx, orderEvents, cancel(orderId, id)));

/** A broker of which only what it got, and when, matters; the real one is in outbox-broker.test.ts. */
const recorder = (behave: (event: CloudEvent) => Promise<void> = async () => {}) => {
  const got: string[] = [];
  const publish = async (event: CloudEvent): Promise<void> => {
    await behave(event);
    got.push(event.id);
  };
  return { got, publish };
};

const relay = (publish: (event: CloudEvent) => Promise<void>, on: Pool = pool): Relay => {
  const started = startRelay({ pool: on, targets: to(publish), log });
  open.push(started);
  return started;
};

/** A transaction held open for as long as the test wants. */
const begin = async () => {
  const client = await pool.connect();
  await client.query('begin');
  const tx: Transaction = drizzle(client);
  return {
    tx,
    commit: async () => {
      await client.query('commit');
      client.release();
    },
    rollback: async () => {
      await client.query('rollback');
      client.release();
    },
  };
};

describe('the outbox', () => {
  it('E6: an event goes out when its transaction commits, and never when it does not', async () => {
    const broker = recorder();
    relay(broker.publish);
    const aborted = await begin();
    await enqueue(aborted.tx, orderEvents, cancel('o-1', 'never'));
    const held = await begin();
    await enqueue(held.tx, orderEvents, cancel('o-2', 'later'));
    await aborted.rollback();
    await sleep(500);
    expect(broker.got).toEqual([]);
    await held.commit();
    await vi.waitFor(() => expect(broker.got).toEqual(['later']), WITHIN);
  });

  it('E6: an event is itself: id, type, source, subject, time and data as they were enqueued', async () => {
    const seen: CloudEvent[] = [];
    relay(async (event) => void seen.push(event));
    const id = randomUUID();
    await place('o-1', id);
    await vi.waitFor(() => expect(seen).toHaveLength(1), WITHIN);
    expect(seen[0]).toMatchObject({
      id,
      type: 'test.order.cancel-requested.v1',
      source: '/test',
      subject: 'o-1',
      datacontenttype: 'application/json',
      data: { orderId: 'o-1', reason: id },
    });
    expect(Math.abs(Date.parse(seen[0]?.time ?? '') - Date.now())).toBeLessThan(20_000);
  });

  it('E6: a later transaction of a key waits for an earlier one that commits late, while other keys go on', async () => {
    const broker = recorder();
    relay(broker.publish);
    const late = await begin();
    await enqueue(late.tx, orderEvents, cancel('o-late', 'first'));
    const second = place('o-late', 'second');
    await place('o-other', 'other');
    await vi.waitFor(() => expect(broker.got).toEqual(['other']), WITHIN);
    await sleep(300);
    expect(broker.got).toEqual(['other']);
    await late.commit();
    await second;
    await vi.waitFor(() => expect(broker.got).toEqual(['other', 'first', 'second']), WITHIN);
  });

  it('E6: order per key is commit order with many producers, late commits and three relays, and each goes out', async () => {
    const keys = ['o-a', 'o-b', 'o-c', 'o-d'];
    const published = new Map<string, string[]>();
    const inFlight = new Map<string, number>();
    let together = 0;
    let mostTogether = 0;
    let worst = 0;
    const publish = async ({ subject = '', id }: CloudEvent): Promise<void> => {
      inFlight.set(subject, (inFlight.get(subject) ?? 0) + 1);
      worst = Math.max(worst, inFlight.get(subject) ?? 0);
      mostTogether = Math.max(mostTogether, ++together);
      await sleep(Math.random() * 4);
      together -= 1;
      inFlight.set(subject, (inFlight.get(subject) ?? 0) - 1);
      published.set(subject, [...(published.get(subject) ?? []), id]);
    };
    for (let n = 0; n < 3; n += 1) {
      const own = createPool(database.url, log, 3);
      relay(publish, own);
      open.push({ close: () => own.end() });
    }
    // A key is locked from `enqueue` to the commit, so the order in which `enqueue` resolves is the order of commits.
    const committed = new Map<string, string[]>();
    const produce = async (producer: number): Promise<void> => {
      for (let n = 0; n < 25; n += 1) {
        const key = keys[(producer + n) % keys.length] ?? '';
        const id = `${producer}-${n}`;
        await drizzle(pool).transaction(async (tx) => {
          await enqueue(tx, orderEvents, cancel(key, id));
          committed.set(key, [...(committed.get(key) ?? []), id]);
          await sleep(Math.random() * 12);
        });
      }
    };
    await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map(produce));
    await vi.waitFor(async () => expect((await outboxBacklog(pool)).count).toBe(0), WITHIN);
    expect(Object.fromEntries(published)).toEqual(Object.fromEntries(committed));
    expect([...published.values()].flat()).toHaveLength(200);
    expect(worst).toBe(1);
    expect(mostTogether).toBeGreaterThan(1);
  });

  it('E6: an event is found within the poll when nobody wakes the relay, and sooner when somebody does', async () => {
    const broker = recorder();
    const { wake } = relay(broker.publish);
    await place('o-1', 'polled');
    await vi.waitFor(() => expect(broker.got).toEqual(['polled']), { timeout: 3_000, interval: 5 });
    const waits: number[] = [];
    for (let n = 0; n < 8; n += 1) {
      const id = `woken-${n}`;
      await place('o-1', id);
      const from = performance.now();
      wake();
      await vi.waitFor(() => expect(broker.got).toContain(id), { timeout: 1_000, interval: 1 });
      waits.push(performance.now() - from);
    }
    expect(waits.sort((a, b) => a - b)[4]).toBeLessThan(150);
  });

  it('E6: an event that cannot be published holds up its own key only, and goes out once it can', async () => {
    let poisoned = true;
    const broker = recorder(async ({ subject }) => {
      if (subject === 'o-poison' && poisoned) throw new Error('too bad');
    });
    await place('o-poison', 'poison');
    await place('o-poison', 'behind it');
    relay(broker.publish);
    for (let n = 0; n < 5; n += 1) await place(`o-${n}`, `fine-${n}`);
    await vi.waitFor(() => expect(broker.got).toHaveLength(5), WITHIN);
    // a row goes once its event is out
    await vi.waitFor(async () => expect((await outboxBacklog(pool)).count).toBe(2), WITHIN);
    poisoned = false;
    await vi.waitFor(() => expect(broker.got.slice(5)).toEqual(['poison', 'behind it']), WITHIN);
  });

  it('E6: when an event fails, those behind it of its key wait, though they could go out', async () => {
    let failures = 3;
    const broker = recorder(async ({ id }) => {
      if (id === 'first' && failures-- > 0) throw new Error('not now');
    });
    for (const id of ['first', 'second', 'third']) await place('o-1', id);
    await place('o-2', 'other');
    relay(broker.publish);
    await vi.waitFor(() => expect(broker.got).toHaveLength(4), WITHIN);
    expect(broker.got).toEqual(['other', 'first', 'second', 'third']);
  });

  it('E6: a relay that has lost its connection, and so its keys to another, publishes none of them any more', async () => {
    for (let n = 0; n < 20; n += 1) await place('o-1', `event-${n}`);
    const broker = recorder(async () => {
      await pool.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and state = 'idle in transaction'`,
      );
      await sleep(200);
      await pool.query('delete from outbox'); // as another relay does that has published them
    });
    relay(broker.publish);
    await vi.waitFor(() => expect(broker.got).toEqual(['event-0']), WITHIN);
    await sleep(700);
    expect(broker.got).toEqual(['event-0']);
  });

  it('E6: events of a whole batch of one stuck key do not hide those of others', async () => {
    const broker = recorder(async ({ subject }) => {
      if (subject === 'o-stuck') throw new Error('too bad');
    });
    await pool.query(
      `insert into outbox (bucket, key, event_id, type, source, data)
       select 0, 'o-stuck', n::text, 'test.order.cancel-requested.v1', '/test', '{}' from generate_series(1, 600) n`,
    );
    relay(broker.publish);
    await place('o-fine', 'fine');
    await vi.waitFor(() => expect(broker.got).toEqual(['fine']), WITHIN);
  });

  it('E6: survives the end of its database connections in the middle of a publish; nothing is lost', async () => {
    const broker = recorder(() => sleep(30));
    relay(broker.publish);
    const ids = Array.from({ length: 20 }, (_, n) => `event-${n}`);
    for (const id of ids) await place('o-1', id);
    await vi.waitFor(() => expect(broker.got.length).toBeGreaterThan(2), WITHIN);
    await pool.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    await vi.waitFor(async () => expect((await outboxBacklog(pool)).count).toBe(0), WITHIN);
    expect(new Set(broker.got)).toEqual(new Set(ids));
    // repeats begin again at some earlier event, and from there on keep the order
    const firsts = ids.map((id) => broker.got.lastIndexOf(id));
    expect(firsts).toEqual(firsts.toSorted((a, b) => a - b));
  });

  it('E6: closing ends after the publishes in flight and leaves the rest in the outbox', async () => {
    const broker = recorder(() => sleep(50));
    for (let n = 0; n < 10; n += 1) await place('o-1', `event-${n}`);
    const running = startRelay({ pool, targets: to(broker.publish), log });
    await vi.waitFor(() => expect(broker.got.length).toBeGreaterThan(1), WITHIN);
    await running.close();
    const sent = broker.got.length;
    expect(sent).toBeLessThan(10);
    expect((await outboxBacklog(pool)).count).toBe(10 - sent);
    await sleep(200);
    expect(broker.got).toHaveLength(sent);
  });

  it('E6: the backlog is counted, and how long its oldest event has waited', async () => {
    expect(await outboxBacklog(pool)).toEqual({ count: 0, oldestMs: 0, dead: 0 });
    await place('o-1');
    await place('o-2');
    await sleep(120);
    const { count, oldestMs } = await outboxBacklog(pool);
    expect(count).toBe(2);
    expect(oldestMs).toBeGreaterThanOrEqual(100);
    expect(oldestMs).toBeLessThan(10_000);
  });

  it('E6: what is not of its schema, or could never be sent, is refused before it is promised', async () => {
    const bad = { ...cancel('o-1', 'bad'), data: { orderId: 'o-1', reason: '' } };
    await expect(drizzle(pool).transaction((tx) => enqueue(tx, orderEvents, bad))).rejects.toThrow(/reason/);
    const address = Object.fromEntries(Array.from({ length: 2_500 }, (_, n) => [`line${n}`, 'x'.repeat(480)]));
    const huge = {
      type: 'test.order.placed.v1' as const,
      source: '/test',
      subject: 'o-1',
      data: { orderId: 'o-1', shipTo: { country: 'DE', ...address } },
    };
    await expect(drizzle(pool).transaction((tx) => enqueue(tx, orderEvents, huge))).rejects.toThrow(RangeError);
    expect((await outboxBacklog(pool)).count).toBe(0);
  });
});
