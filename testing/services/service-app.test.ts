import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { createLog } from '../../packages/runtime/src/log.ts';
import { createPool } from '../../packages/participant/src/database/postgres.ts';
import {
  startServiceUnderTest,
  type ServiceUnderTest,
} from '../../packages/testing/src/services/service-under-test.ts';
import { startTestPostgres } from '../../packages/testing/src/servers/servers.ts';
import { canMount, smallDisk } from '../../packages/testing/fixtures/small-disk.ts';
import { createApp } from '../../services/inventory/app.ts';

const log = createLog('inventory', 'silent');
let inventory: ServiceUnderTest;
beforeAll(async () => {
  inventory = await startServiceUnderTest('inventory', (parts) => ({ app: createApp(parts) }));
});
afterAll(() => inventory.close());

it('is alive, and ready while its database answers', async () => {
  expect(await inventory.ask('GET /healthz')).toMatchObject({ status: 200 });
  expect(await inventory.ask('GET /readyz')).toMatchObject({ status: 200, json: { status: 'ready' } });
});

it('fault 17: says 503 and when to come again, not 500, while its database is out of reach', async () => {
  const nowhere = createPool('postgres://nobody@127.0.0.1:1/none', log);
  const app = createApp({ pool: nowhere, log, maxBodyBytes: 10_000 });
  for (const path of ['/readyz', '/stock', '/stock/mug', '/reservations?orderId=o-1']) {
    const response = await app.request(path);
    expect([path, response.status, response.headers.get('retry-after')]).toEqual([path, 503, '1']);
    expect(await response.json()).toMatchObject({ type: 'urn:amends:unavailable' });
  }
  expect((await app.request('/healthz')).status).toBe(200);
  await nowhere.end();
});

it('fault 21: says 503 busy within seconds when somebody else holds the row, and nothing has changed', async () => {
  await inventory.ask('PUT /stock/s-locked', { available: 1 });
  const holder = await inventory.pool.connect();
  await holder.query('begin');
  await holder.query(`select from stock where sku = 's-locked' for update`);
  const began = performance.now();
  const answer = await inventory.ask('PUT /stock/s-locked', { available: 2 });
  expect(answer).toMatchObject({ status: 503, json: { type: 'urn:amends:busy' } });
  expect(answer.headers.get('retry-after')).toBe('1');
  expect(performance.now() - began).toBeLessThan(4_000);
  await holder.query('rollback');
  holder.release();
  expect(await inventory.ask('GET /stock/s-locked')).toMatchObject({ json: { available: 1 } });
});

it('asks for the token on saga routes when there is one, and nowhere else', async () => {
  const token = 'a-token-of-at-least-16';
  const app = createApp({ pool: inventory.pool, log, maxBodyBytes: 10_000, token });
  expect((await app.request('/saga-operations?saga=fulfilOrder:o-1')).status).toBe(401);
  const headers = { authorization: `Bearer ${token}` };
  expect((await app.request('/saga-operations?saga=fulfilOrder:o-1', { headers })).status).toBe(200);
  expect((await app.request('/stock')).status).toBe(200);
});

it('a malformed % is 400, in the path and in the query', async () => {
  for (const path of ['/stock/%zz', '/stock?limit=%zz', '/reservations?orderId=%']) {
    expect(await inventory.ask(`GET ${path}`)).toMatchObject({ status: 400, json: { type: 'urn:amends:bad-request' } });
  }
  expect(await inventory.ask('GET /stock?cursor=')).toMatchObject({ status: 200 });
});

it.skipIf(!canMount)(
  'a service whose database has no space is not ready, and is again when there is some',
  { timeout: 60_000 },
  async () => {
    const disk = await smallDisk(150);
    const postgres = await startTestPostgres(disk.folder);
    onTestFinished(() => postgres.child.stop());
    const pool = createPool(postgres.address, log);
    onTestFinished(() => pool.end());
    const app = createApp({ pool, log, maxBodyBytes: 10_000 });
    const ready = async () => {
      const response = await app.request('/readyz');
      return [response.status, await response.text()];
    };
    expect(await ready()).toMatchObject([200, expect.any(String)]);
    disk.fill();
    expect(await ready()).toMatchObject([503, expect.stringContaining('the disk of the database is full')]);
    await disk.free();
    expect(await ready()).toMatchObject([200, expect.any(String)]);
  },
);
