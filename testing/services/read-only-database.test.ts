import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { exampleOrder } from '../../contracts/orders.ts';
import { migrateOutbox, startRelay } from '../../packages/events/src/outbox/index.ts';
import type { Target } from '../../packages/events/src/targets/target.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import { newKey } from '../../packages/testing/src/services/saga-client.ts';
import {
  startServiceUnderTest,
  type ServiceUnderTest,
} from '../../packages/testing/src/services/service-under-test.ts';
import { createApp } from '../../services/inventory/app.ts';
import { createApp as createOrders } from '../../services/orders/app.ts';

const LATER = { status: 503, json: { type: 'urn:amends:unavailable' } };
let admin: Client;
let service: ServiceUnderTest;
let orders: ServiceUnderTest;

beforeAll(async () => {
  admin = new Client({ connectionString: inject('postgresUrl') });
  await admin.connect();
  service = await startServiceUnderTest('inventory', (parts) => ({ app: createApp(parts) }));
  orders = await startServiceUnderTest('orders', async (parts) => {
    await migrateOutbox(parts.pool);
    return { app: createOrders({ ...parts, wake: () => undefined }) };
  });
  await service.ask('PUT /stock/mug', { available: 100 });
});
afterAll(async () => {
  await service.close();
  await orders.close();
  await admin.end();
});

/** What a failover that leaves the old server up does to a pool: its sessions answer, and none can write. */
const setReadOnly = async (of: ServiceUnderTest, isReadOnly: boolean) =>
  admin.query(`alter database ${nameOf(of)} set default_transaction_read_only = ${isReadOnly ? 'on' : 'off'}`);
/** Every session of the pool that comes now is a new one. */
const endSessions = async (of: ServiceUnderTest) => {
  await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [nameOf(of)]);
  await expect.poll(() => of.pool.totalCount).toBe(0);
};
/** The database can be written, and these sessions of the pool cannot. Answers one of them. */
const keepReadOnly = async (of: ServiceUnderTest, sessions: number): Promise<number | undefined> => {
  await setReadOnly(of, true);
  await endSessions(of);
  const clients = await Promise.all(Array.from({ length: sessions }, () => of.pool.connect()));
  const pids = clients.map((client) => client.query<{ pid: number }>('select pg_backend_pid() as pid'));
  const answers = await Promise.all(pids);
  for (const client of clients) client.release();
  await setReadOnly(of, false);
  return answers[0]?.rows[0]?.pid;
};
const nameOf = ({ pool }: ServiceUnderTest): string => new URL(pool.options.connectionString ?? '').pathname.slice(1);
const isThere = async (pid: number | undefined): Promise<boolean> =>
  (await admin.query('select from pg_stat_activity where pid = $1', [pid])).rowCount === 1;

const reserve = () =>
  service.asSaga(newKey('reserveStock'), '/reservations', {
    orderId: randomUUID(),
    lines: [{ sku: 'mug', quantity: 1 }],
  });

it('fault 18: a session that cannot write is told 503, thrown away, and the pool recovers by itself', async () => {
  await keepReadOnly(service, 3);
  const answers = [await reserve(), await reserve(), await reserve()];
  for (const answer of answers) expect(answer).toMatchObject(LATER);
  expect(answers[0]?.headers.get('retry-after')).toBe('1');
  expect(await reserve()).toMatchObject({ status: 200 });
});

it('fault 18: also undo, settle and seal, whose keys it must not lose', async () => {
  await keepReadOnly(service, 3);
  const key = newKey('reserveStock');
  for (const route of ['undo', 'settle']) {
    expect(await service.asSaga(key, `/saga-operations/${route}`)).toMatchObject(LATER);
  }
  expect(await service.asSaga(key.split('/')[0] ?? '', '/saga-operations/seal')).toMatchObject(LATER);
  expect(await service.asSaga(key, '/saga-operations/undo')).toMatchObject({ status: 200, json: { state: 'blocked' } });
});

it('fault 18: so it is outside of sagas', async () => {
  await keepReadOnly(service, 1);
  expect(await service.ask('PUT /stock/cup', { available: 1 })).toMatchObject(LATER);
  expect(await service.ask('PUT /stock/cup', { available: 1 })).toMatchObject({ status: 200 });
  await keepReadOnly(orders, 1);
  const order = { ...exampleOrder, orderId: randomUUID() };
  expect(await orders.ask('POST /orders', order)).toMatchObject(LATER);
  expect(await orders.ask('POST /orders', order)).toMatchObject({ status: 201 });
});

it('fault 18: ready means writable, and says why it is not', async () => {
  await setReadOnly(service, true);
  await endSessions(service);
  for (const _ of [1, 2]) {
    const answer = await service.ask('GET /readyz');
    expect(answer).toMatchObject(LATER);
    expect(answer.text).toContain('the database is read-only');
  }
  await setReadOnly(service, false);
  // the session that is looked at is the next request's
  expect(await service.ask('GET /readyz')).toMatchObject({ status: 200 });
  expect(await reserve()).toMatchObject({ status: 200 });
});

const relay = (types: Target['types'], deliver: Target['deliver']) =>
  startRelay({ pool: orders.pool, targets: [{ name: 'test', types, deliver }], log: createLog('test', 'silent') });

it('fault 18, E6: the relay does not publish from a session that cannot write: each event goes out once', async () => {
  const order = { ...exampleOrder, orderId: randomUUID() };
  expect(await orders.ask('POST /orders', order)).toMatchObject({ status: 201 });
  await keepReadOnly(orders, 1);
  const delivered: (string | undefined)[] = [];
  const { close } = relay('all', async ({ subject }) => void delivered.push(subject));
  const waiting = async () => (await orders.pool.query('select from outbox where key = $1', [order.orderId])).rowCount;
  await expect.poll(waiting, { timeout: 8_000 }).toBe(0);
  await close();
  expect(delivered.filter((orderId) => orderId === order.orderId)).toHaveLength(1);
});

it('fault 18, E6: the poll of a relay that has nothing to do keeps no session alive that cannot write', async () => {
  const pid = await keepReadOnly(orders, 1);
  const { close } = relay([], async () => undefined);
  await expect.poll(() => isThere(pid), { timeout: 5_000 }).toBe(false);
  await close();
});
