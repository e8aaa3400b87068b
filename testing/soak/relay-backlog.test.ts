import { expect, it } from 'vitest';
import { migrateOutbox } from '../../packages/events/src/outbox/index.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import { createPool } from '../../packages/participant/src/database/postgres.ts';
import { freshDatabase } from '../../packages/testing/src/servers/database.ts';
import { startReceiver } from '../../packages/testing/src/reading/event-receiver.ts';
import { measureBacklog } from './relay-backlog.ts';

const EVENTS = 1_000;
const BYTES = 150_000;
const HEAP_MB = 64;

it('E6 fault 43: a relay with 64 MB of heap outlives 150 MB of events that wait for a receiver, and delivers them all', async () => {
  const database = await freshDatabase();
  const pool = createPool(database.url, createLog('test', 'silent'));
  const orders = await startReceiver();
  await orders.stop();
  try {
    await migrateOutbox(pool);
    await measureBacklog({
      pool,
      databaseUrl: database.url,
      target: { args: ['none', orders.url, orders.url], come: orders.start },
      events: EVENTS,
      bytes: BYTES,
      awayMs: 10_000,
      nodeOptions: [`--max-old-space-size=${HEAP_MB}`],
    });
    expect(new Set(orders.took).size).toBe(EVENTS);
  } finally {
    await orders.stop().catch(() => undefined);
    await pool.end();
    await database.drop();
  }
}, 300_000);
