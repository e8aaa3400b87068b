import { drizzle } from 'drizzle-orm/node-postgres';
import { expect, it, onTestFinished } from 'vitest';
import { orderEvents } from '../../../testing/fixtures/order-events.ts';
import { createLog } from '../../../runtime/src/log.ts';
import { createPool } from '../../../participant/src/database/postgres.ts';
import { freshDatabase } from '../../../testing/src/servers/database.ts';
import { enqueue, migrateOutbox, startRelay } from './index.ts';

it('E6: a relay reads what is committed, whatever isolation the database has by default', async () => {
  const database = await freshDatabase();
  const log = createLog('test', 'silent');
  const pool = createPool(database.url, log);
  await pool.query(
    `alter database ${new URL(database.url).pathname.slice(1)} set default_transaction_isolation = 'repeatable read'`,
  );
  await pool.end();
  const now = createPool(database.url, log);
  onTestFinished(async () => {
    await now.end();
    await database.drop();
  });
  await migrateOutbox(now);
  const told = { type: 'test.order.cancel-requested.v1', source: '/test', subject: 'o-1', id: 'e-1' } as const;
  await drizzle(now).transaction((tx) =>
    enqueue(tx, orderEvents, { ...told, data: { orderId: 'o-1', reason: 'test' } }),
  );
  let deliveries = 0;
  const deliver = async () => {
    deliveries += 1;
    // as the relay of another target does
    await now.query(`update outbox set delivered = delivered || 'other'::text`);
  };
  const relay = startRelay({ pool: now, targets: [{ name: 'test', types: 'all', deliver }], log });
  await expect.poll(async () => (await now.query('select from outbox')).rowCount, { timeout: 5_000 }).toBe(0);
  await relay.close();
  expect(deliveries).toBe(1);
});
