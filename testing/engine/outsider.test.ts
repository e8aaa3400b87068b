import { randomUUID } from 'node:crypto';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { legacyPoints, startLegacyPoints, type LegacyPoints } from '../legacy-points.ts';
import { SAGA_TASK_QUEUE } from '../../packages/contracts/src/protocol/task-queues.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import { workflowBundle } from '../../packages/worker/src/workflow-bundle.ts';
import { anOrder, effectsOf, startSagaBench, type SagaBench } from '../saga-bench.ts';
import type { OutsiderCalls } from '../../packages/worker/src/activities/outsider-call.ts';

const ENTRY = 'testing/odd-sagas.ts';
const contracts = { legacy: legacyPoints };
const outsiders: OutsiderCalls = {
  legacy: {
    headers: { 'X-Api-Key': 'legacy-key' },
    readRefusal: ({ status, body }) =>
      status === 404 && (body as { error?: unknown } | null)?.error === 'no such member' ? 'no-such-member' : undefined,
  },
};

let bench: SagaBench;
let legacy: LegacyPoints;
beforeAll(async () => {
  legacy = await startLegacyPoints();
  bench = await startSagaBench(undefined, { contracts, outsiders, urls: { legacy: legacy.url }, serviceToken: 'ours' });
});
afterAll(async () => {
  await bench.close();
  await legacy.close();
});
beforeEach(() => {
  legacy.loseAnswers = 0;
  legacy.instead = null;
});

const parked = ({ status }: { status: string }): boolean => status === 'parked';
const aMember = () => `m-${randomUUID().slice(0, 8)}`;
const startOf = async (saga: string, changes: object, budget = 4_000) => {
  const order = await anOrder(bench.shop, { customerId: aMember(), ...changes });
  const from = legacy.seen.length;
  const times = { steps: { '*': { attempt: 500, budget, undoBudget: 4_000 } } };
  const running = await bench.start(saga, order, { times });
  return { order, running, asked: () => legacy.seen.slice(from) };
};

describe('an outsider', () => {
  it('S2: an action whose answer is lost is sent once, is unknown, and is undone', async () => {
    legacy.loseAnswers = 1;
    const { order, running, asked } = await startOf('earnsPoints', {});
    expect(await running.closed()).toMatchObject({
      status: 'compensated',
      cause: { step: 'addPoints', outcome: 'unknown' },
      steps: [{ state: 'unknown', attempt: 1, discharge: 'compensated' }, {}],
    });
    expect(asked().map(({ path }) => path)).toEqual(['/points/add', '/points/take']);
    expect(legacy.points(order.customerId)).toBe(0);
  });

  it('S2: its undo is sent once too, and parks when its answer is lost', async () => {
    const { order, running, asked } = await startOf('earnsPoints', { shipTo: { country: 'KP' } });
    legacy.loseAnswers = 2;
    const view = await running.until(parked);
    expect(asked().map(({ path }) => path)).toEqual(['/points/add', '/points/take']);
    expect(legacy.points(order.customerId)).toBe(0);
    expect(view.steps[0]).toMatchObject({ undo: { state: 'parked' } });
    await running.act('resolve', { step: 'addPoints' });
    expect((await running.closed()).status).toBe('compensated');
  });

  it('S2 S8: past the point it parks after one lost answer; only an operator has it sent again', async () => {
    legacy.loseAnswers = 2;
    const { order, running, asked } = await startOf('earnsPointsLate', {});
    await running.until(parked);
    expect(asked()).toHaveLength(1);
    await running.act('resolve', { step: 'addPoints', output: 'OK 300' });
    expect(await running.closed()).toMatchObject({ status: 'completed', result: 'OK 300' });
    expect(legacy.points(order.customerId)).toBe(300);
  });

  it('S2: one attempt may use the whole budget', async () => {
    legacy.instead = 'silent';
    const { running, asked } = await startOf('earnsPointsLate', {}, 3_000);
    const view = await running.until(parked);
    const { startedAt, error } = view.steps[1] ?? {};
    expect(asked()).toHaveLength(1);
    expect(error).toContain('no answer in time');
    expect(Date.now() - Date.parse(startedAt ?? '')).toBeGreaterThan(2_500);
    await running.act('skip', { step: 'addPoints' });
    await running.closed();
  });

  it.each([503, 429, 500])('S2: %i is no reason to send it again', async (status) => {
    legacy.instead = { status, body: 'come again later' };
    const { running, asked } = await startOf('earnsPointsLate', {});
    const view = await running.until(parked);
    expect(asked()).toHaveLength(1);
    expect(view.steps[1]?.error).toContain('come again later');
    await running.act('skip', { step: 'addPoints' });
    await running.closed();
  });

  it('S2: what was never sent, since nobody listens, is tried again, and needs no undo', async () => {
    const { port } = new URL(legacy.url);
    await legacy.close();
    const never = await startOf('earnsPoints', {}, 3_000);
    expect(await never.running.closed()).toMatchObject({
      status: 'compensated',
      cause: { step: 'addPoints', outcome: 'unknown' },
      steps: [{ state: 'unknown', discharge: 'nothing-to-undo', undo: null }, {}],
    });
    const late = await startOf('earnsPoints', {}, 20_000);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    legacy = await startLegacyPoints(Number(port));
    expect(await late.running.closed()).toMatchObject({ status: 'completed', result: 'OK 300' });
    expect(legacy.points(late.order.customerId)).toBe(300);
  });

  it(
    'S2: what no worker took up within its budget was not sent: it has its budget anew',
    { timeout: 60_000 },
    async () => {
      await bench.stopWorkers();
      const connection = await NativeConnection.connect({ address: bench.address });
      // flows run, and nobody calls outsiders
      const flows = await Worker.create({
        connection,
        namespace: bench.namespace,
        taskQueue: SAGA_TASK_QUEUE,
        workflowBundle: await workflowBundle(createLog('test', 'silent'), ENTRY),
      });
      const { running, asked } = await startOf('earnsPoints', {}, 6_000);
      const hasTimedOut = async () =>
        (await running.handle.fetchHistory()).events?.some((event) => event.activityTaskTimedOutEventAttributes);
      await flows.runUntil(async () => {
        await expect.poll(hasTimedOut, { timeout: 20_000, interval: 200 }).toBe(true);
      });
      await connection.close();
      expect(asked()).toEqual([]);
      await bench.startWorkers();
      expect(await running.closed()).toMatchObject({ status: 'completed', result: 'OK 300' });
      expect(asked()).toHaveLength(1);
    },
  );

  it('S2: what its contract calls repeatable is asked again', async () => {
    legacy.loseAnswers = 2;
    const { running, asked } = await startOf('levelsUp', {}, 10_000);
    expect(await running.closed()).toMatchObject({ status: 'completed', result: 'OK gold' });
    expect(asked()).toHaveLength(3);
  });

  it('S2: its own words become a refusal, and are in the error', async () => {
    const { running } = await startOf('earnsPoints', { customerId: 'nobody' });
    expect(await running.closed()).toMatchObject({
      status: 'compensated',
      cause: { step: 'addPoints', outcome: 'refused', code: 'no-such-member' },
      steps: [
        { error: expect.stringContaining('{"error":"no such member"}') as string, discharge: 'nothing-to-undo' },
        {},
      ],
    });
  });

  it('hears its own credentials, and never ours', async () => {
    const { order, running, asked } = await startOf('earnsPoints', {});
    expect((await running.closed()).status).toBe('completed');
    const [{ headers }] = asked() as [LegacyPoints['seen'][number]];
    expect(headers).toMatchObject({ 'x-api-key': 'legacy-key', 'idempotency-key': `${running.id}/addPoints` });
    expect(headers).not.toHaveProperty('authorization');
    expect(headers).not.toHaveProperty('saga-started');
    expect((await effectsOf(bench.shop, order)).shipments).toEqual(['booked']);
  });
});
