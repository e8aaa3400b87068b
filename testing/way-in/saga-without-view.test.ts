import type { Client } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSaga } from '../../packages/client/src/starts/start-saga.ts';
import { exampleOrder } from '../../contracts/orders.ts';
import { SagaList, SagaView } from '../../packages/contracts/src/saga-view.ts';
import { readProblem } from '../../packages/testing/src/reading/read-problem.ts';
import { COMMAND, takeTask } from '../take-task.ts';
import { startWayIn, type WayIn } from '../way-in.ts';
import type { SagaTemporal } from '../../packages/client/src/known-sagas.ts';

const TIMER_S = 1;
const trigger = { kind: 'event', id: 'e-1', type: 'shop.order.placed.v1', source: '/test' } as const;
const times = { entries: { fulfilOrder: { deadline: 600_000 } } };

const start = async (client: SagaTemporal): Promise<string> => {
  const input = { ...exampleOrder, orderId: `o-${randomUUID()}` };
  return (await startSaga(client, { saga: 'fulfilOrder', input, trigger, times })).id;
};

/** That history does not replay. */
const takeTaskOddly = (client: Client) =>
  takeTask(client, [
    {
      commandType: COMMAND.startTimer,
      startTimerCommandAttributes: { timerId: 'odd', startToFireTimeout: { seconds: TIMER_S as never } },
    },
  ]);

const odd = { failing: '', killed: '' };
let way: WayIn;
beforeAll(async () => {
  way = await startWayIn(async (client) => {
    odd.failing = await start(client);
    await takeTaskOddly(client);
    odd.killed = await start(client);
    await takeTaskOddly(client);
  });
});
afterAll(() => way?.close());

const list = async (query = '') => SagaList.parse(await (await way.request(`/sagas${query}`)).json());
const failsAgainAndAgain = async (id: string) => {
  await expect
    .poll(async () => (await way.client.workflow.getHandle(id).describe()).raw.pendingWorkflowTask?.attempt, {
      timeout: 30_000,
    })
    .toBeGreaterThan(3);
};

describe('a saga that no code can replay', () => {
  it('is shown as its start tells it, and as killed once it is', async () => {
    await failsAgainAndAgain(odd.failing);
    const response = await way.request(`/sagas/${odd.failing}`);
    const view = SagaView.parse(await response.json());
    expect(response.status).toBe(200);
    expect(view).toMatchObject({ id: odd.failing, status: 'running', trigger, steps: [], cause: null, closedAt: null });
    expect(view.input).toEqual({ ...exampleOrder, orderId: view.key });
    expect(Date.parse(view.deadlineAt ?? '') - Date.parse(view.startedAt)).toBe(600_000);
    expect(view.version).toBeLessThan(0);

    await failsAgainAndAgain(odd.killed);
    await way.client.workflow.getHandle(odd.killed).terminate();
    const killed = SagaView.parse(await (await way.request(`/sagas/${odd.killed}`)).json());
    expect(killed).toMatchObject({ status: 'killed', steps: [], closedAt: expect.any(String) });
  });

  it('does not take the list down: it is one item of it, found by its status', async () => {
    const { id } = await way.start(way.newOrder());
    await way.until(id, ({ closedAt }) => closedAt !== null);
    await expect
      .poll(async () => new Set((await list()).items.map((item) => item.id)), { timeout: 15_000 })
      .toEqual(new Set([...Object.values(odd), id]));
    expect((await list('?status=killed')).items.map((item) => item.id)).toEqual([odd.killed]);
  });

  it('while its worker does not answer, is 503 by itself and an item of a list that others are in', async () => {
    const { id } = await way.start(way.newOrder());
    const silent = `fulfilOrder:o-${randomUUID()}`;
    await way.client.workflow.start('fulfilOrder', { workflowId: silent, taskQueue: 'nobody' });
    expect(await readProblem(await way.request(`/sagas/${silent}`))).toMatchObject({ httpStatus: 503 });
    await expect
      .poll(async () => (await list()).items.map((item) => item.id), { timeout: 15_000 })
      .toEqual(expect.arrayContaining([silent, id]));
    await way.client.workflow.getHandle(silent).terminate();
  });
});
