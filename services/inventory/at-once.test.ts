import { afterAll, beforeAll, expect, it } from 'vitest';
import { askAction, untilDefinite } from '../../testing/crash/ask-service.ts';
import {
  startServiceUnderTest,
  type ServiceUnderTest,
} from '../../packages/testing/src/services/service-under-test.ts';
import { createApp } from './app.ts';

const ON_THE_SHELF = 10_000;
const KEYS = 100;
const REQUESTS = 1_000;
/** As Retry-After says; on a busy machine a thousand connections take their time. */
const PATIENTLY = { pauseMs: 1_000, withinMs: 100_000 };
const SKUS = ['at-once-a', 'at-once-b', 'at-once-c'];

let inventory: ServiceUnderTest;
beforeAll(async () => {
  inventory = await startServiceUnderTest('inventory', (parts) => ({ app: createApp(parts) }));
  for (const sku of SKUS) await inventory.ask(`PUT /stock/${sku}`, { available: ON_THE_SHELF });
});
afterAll(() => inventory.close());

/** The same goods in one order and in the other: who takes rows as they come meets a deadlock here. */
const linesOf = (order: number) => {
  const lines = SKUS.map((sku, n) => ({ sku, quantity: n + 1 }));
  return order % 2 === 0 ? lines : lines.toReversed();
};

it('P1, P7: 1,000 at once with 100 keys have 100 effects, and each success of a key is the same byte for byte', async () => {
  const asked = Array.from({ length: REQUESTS }, async (_, n) => {
    const order = n % KEYS;
    const orderId = `at-once-${order}`;
    const key = `fulfilOrder:${orderId}/reserveStock`;
    const subject = { service: 'inventory', action: 'reserve' } as const;
    const answer = await untilDefinite(
      () => askAction(inventory.url, subject, key, { orderId, lines: linesOf(order) }),
      PATIENTLY,
    );
    return { key, answer };
  });
  const answers = await Promise.all(asked);
  expect(answers.map(({ answer }) => answer.status)).toEqual(answers.map(() => 200));
  expect(new Set(answers.map(({ key, answer }) => `${key} ${answer.text}`)).size).toBe(KEYS);
  expect(answers.filter(({ answer }) => !answer.headers.has('idempotent-replayed'))).toHaveLength(KEYS);

  const { rows } = await inventory.pool.query<{ orders: number; all: number }>(
    'select count(distinct order_id)::int as orders, count(*)::int as all from reservations',
  );
  expect(rows).toEqual([{ orders: KEYS, all: KEYS }]);
  const stock = await inventory.pool.query('select sku, available::int, reserved::int from stock order by sku');
  expect(stock.rows).toEqual(
    SKUS.map((sku, n) => ({ sku, available: ON_THE_SHELF - (n + 1) * KEYS, reserved: (n + 1) * KEYS })),
  );
}, 150_000);
