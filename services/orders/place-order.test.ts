import { Pool } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exampleOrder } from '../../contracts/orders.ts';
import { migrateOutbox } from '../../packages/events/src/outbox/index.ts';
import {
  startServiceUnderTest,
  type ServiceUnderTest,
} from '../../packages/testing/src/services/service-under-test.ts';
import { createApp } from './app.ts';

const ORDERS = 60;
const ROUNDS_MAX = 50;

let orders: ServiceUnderTest;
let killer: Pool;
beforeAll(async () => {
  orders = await startServiceUnderTest('orders', async (parts) => {
    await migrateOutbox(parts.pool);
    return { app: createApp({ ...parts, wake: () => {} }) };
  });
  killer = new Pool({ ...orders.pool.options, max: 1 });
});
afterAll(async () => {
  await killer.end();
  await orders.close();
});

/** Ends every other connection to the service's database, whatever it is doing. */
const killConnections = () =>
  killer.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );

it('fault 18: with connections killed in the middle, an order and its event are both there or neither, and it goes on', async () => {
  let open = Array.from({ length: ORDERS }, (_, i) => `o-${i}`);
  let later = 0;
  for (let round = 0; open.length > 0 && round < ROUNDS_MAX; round++) {
    const asked = open.map(async (orderId) => {
      const { status } = await orders.ask('POST /orders', { ...exampleOrder, orderId });
      return { orderId, status };
    });
    const kills = round < 3 ? 5 : 0;
    for (let kill = 0; kill < kills; kill++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      await killConnections();
    }
    const answers = await Promise.all(asked);
    expect(answers.map(({ status }) => status).filter((status) => ![200, 201, 503].includes(status))).toEqual([]);
    open = answers.filter(({ status }) => status === 503).map(({ orderId }) => orderId);
    later += open.length;
  }
  expect(open).toEqual([]);
  expect(later).toBeGreaterThan(0);
  const { rows } = await orders.pool.query(`
    select (select count(*)::int from orders) as orders, (select count(*)::int from order_lines) as lines,
      (select count(*)::int from order_views) as views, (select count(*)::int from order_facts) as facts,
      (select count(*)::int from outbox) as events, (select count(distinct key)::int from outbox) as keys`);
  expect(orders.pool.idleCount).toBe(orders.pool.totalCount);
  expect(rows).toEqual([{ orders: ORDERS, lines: ORDERS, views: ORDERS, facts: ORDERS, events: ORDERS, keys: ORDERS }]);
});
