import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { BUCKETS } from '../../packages/events/src/outbox/migrate.ts';
import { outboxBacklog } from '../../packages/events/src/outbox/index.ts';
import { memoryOf, relayProcesses } from '../../packages/testing/fixtures/relay-processes.ts';

/** What a backlog did to one relay process; memory in bytes. */
export interface BacklogFigures {
  /** Of a relay with nothing to do. */
  readonly idle: number;
  /** At most, while all of it waited and the target was away. */
  readonly waiting: number;
  /** At most, until all of it was delivered. */
  readonly draining: number;
  readonly drainedInMs: number;
  /** How long counting it for `GET /metrics` took. */
  readonly countedInMs: number;
}

const SETTLE_MS = 3_000;
const KEYS = 5_000;

/**
 * Lets so many events wait in an outbox whose target is away, then lets it come, and asks the relay's process what memory that took. The
 * events are of 5,000 keys, and of a type that one receiver takes.
 */
export const measureBacklog = async ({
  pool,
  databaseUrl,
  target,
  events,
  bytes,
  awayMs,
  nodeOptions = [],
  say = () => undefined,
}: {
  readonly pool: Pool;
  readonly databaseUrl: string;
  /** What a relay process is told of its target, and how that comes; it is away when this begins. */
  readonly target: { readonly args: readonly string[]; readonly come: () => Promise<void> };
  readonly events: number;
  /** Of each event's data. */
  readonly bytes: number;
  readonly awayMs: number;
  readonly nodeOptions?: readonly string[];
  readonly say?: (sentence: string) => void;
}): Promise<BacklogFigures> => {
  const relays = await relayProcesses([databaseUrl, ...target.args], nodeOptions);
  try {
    const relay = await relays.start();
    await sleep(SETTLE_MS);
    const { now: idle } = await memoryOf(relay);
    await fill(pool, events, bytes);
    await pool.query('analyze outbox');
    const from = performance.now();
    const { count } = await outboxBacklog(pool);
    const countedInMs = performance.now() - from;
    say(`${count} events wait; the relay has ${megabytes(idle)} MB`);
    await sleep(awayMs);
    if (relays.running().length === 0) throw new Error('the relay ended while they waited');
    const { peak: waiting } = await memoryOf(relay);
    say(`after ${awayMs / 1_000} s without its target it has had ${megabytes(waiting)} MB at most`);
    await target.come();
    const began = performance.now();
    for (let left = count; left > 0; { count: left } = await outboxBacklog(pool)) await sleep(500);
    const drainedInMs = performance.now() - began;
    const { peak: draining } = await memoryOf(relay);
    return { idle, waiting, draining, drainedInMs, countedInMs };
  } finally {
    await relays.killAll();
  }
};

export const megabytes = (bytes: number): number => Math.round(bytes / 1_048_576);

/** By one statement: as many transactions would take longer than all the rest. */
const fill = async (pool: Pool, events: number, bytes: number): Promise<void> => {
  await pool.query(
    `insert into outbox (bucket, key, event_id, type, source, data)
     select abs(hashtext(key)::bigint) % $2::int, key, 'soak-' || gen_random_uuid(), 'fulfilOrder.cancelled.v1', '/soak',
       json_build_object('orderId', key, 'reason', (select string_agg(md5(n::text || part), '') from generate_series(1, $3::int / 32) part))
     from (select n, 'soak-' || n % $4::int as key from generate_series(1, $1::int) n) as rows`,
    [events, BUCKETS, bytes, KEYS],
  );
};
