import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../packages/testing/src/servers/database.ts';
import { startLegacyPoints, type LegacyPoints } from './legacy-points.ts';
import { points, startPointsAdapter } from './points-adapter.ts';
import { anOrder, startSagaBench, type SagaBench } from './saga-bench.ts';

let database: FreshDatabase;
let legacy: LegacyPoints;
let adapter: Awaited<ReturnType<typeof startPointsAdapter>>;
let bench: SagaBench;
beforeAll(async () => {
  [database, legacy] = await Promise.all([freshDatabase(), startLegacyPoints()]);
  adapter = await startPointsAdapter(database.url, legacy.url);
  bench = await startSagaBench(undefined, { contracts: { points }, urls: { points: adapter.url } });
});
afterAll(async () => {
  await bench.close();
  await adapter.close();
  await legacy.close();
  await database.drop();
});

const member = () => `m-${randomUUID().slice(0, 8)}`;
const asked = (from = 0): string[] => legacy.seen.slice(from).map(({ path }) => path);

it('P12: behind an adapter a legacy system is asked once, and undone once', async () => {
  const order = await anOrder(bench.shop, { customerId: member(), shipTo: { country: 'KP' } });
  const view = await (await bench.start('earnsThroughAdapter', order)).closed();
  expect(view).toMatchObject({ status: 'compensated', cause: { code: 'country-not-served' } });
  expect(asked()).toEqual(['/points/add', '/points/take']);
  expect(legacy.points(order.customerId)).toBe(0);
});

it('P12: when it loses its answer nobody asks it again, in any lane or way: a person looks', async () => {
  const from = legacy.seen.length;
  legacy.loseAnswers = 1;
  const order = await anOrder(bench.shop, { customerId: member() });
  const saga = await bench.start('earnsThroughAdapter', order);
  const view = await saga.until(({ status }) => status === 'parked');
  expect(view.steps[0]).toMatchObject({ state: 'unknown', undo: { state: 'parked' } });
  await saga.retry('earnPoints');
  await saga.until(({ status, audit }) => status === 'parked' && audit.length === 1);
  expect(asked(from)).toEqual(['/points/add']);
  await saga.act('resolve', { step: 'earnPoints' });
  expect((await saga.closed()).status).toBe('compensated');
});

it('its no is a refusal like any other', async () => {
  const order = await anOrder(bench.shop, { customerId: 'nobody' });
  const view = await (await bench.start('earnsThroughAdapter', order)).closed();
  expect(view).toMatchObject({ status: 'compensated', cause: { step: 'earnPoints', code: 'no-such-member' } });
});
