import { expect, it, onTestFinished } from 'vitest';
import { startBetween } from '../../../testing/fixtures/between.ts';
import { freshDatabase } from '../../../testing/src/servers/database.ts';
import { newKey, send } from '../../../testing/src/services/saga-client.ts';
import { startWarehouse, stateOf, stockWarehouse } from '../../../testing/fixtures/warehouse.ts';

it('P7: a COMMIT whose answer never comes is given up in bounded time, and a repeat finds out what came of it', async () => {
  const database = await freshDatabase();
  let isDeaf = false;
  const between = await startBetween(database.url, ({ client, upstream }) => {
    client.on('data', (data) => upstream.write(data));
    upstream.on('data', (data) => isDeaf || client.write(data));
  });
  const service = await startWarehouse(between.url, { poolSize: 1 });
  onTestFinished(async () => {
    isDeaf = false;
    await service.close();
    await between.close();
    await database.drop();
  });
  await stockWarehouse(service.pool, 'sku-0');
  const key = newKey();
  const take = () => send(service.url, '/takings', { key, body: { sku: 'sku-0', quantity: 1, note: null } });
  service.hooks.take = async () => {
    isDeaf = true;
  };
  const began = performance.now();
  const lost = await take();
  expect([lost.status, lost.says]).toEqual([503, 'busy']);
  expect(performance.now() - began).toBeLessThan(6_000);
  isDeaf = false;
  const again = await take();
  expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([200, 'true']);
  expect(await stateOf(service.pool, 'sku-0')).toMatchObject({ available: 999, taken: 1 });
}, 20_000);
