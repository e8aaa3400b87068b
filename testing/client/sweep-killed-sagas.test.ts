import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exampleOrder } from '../../contracts/orders.ts';
import { SagaStart } from '../../packages/contracts/src/saga-start.ts';
import type { Trigger } from '../../packages/contracts/src/saga-view.ts';
import { SAGA_TASK_QUEUE } from '../../packages/contracts/src/protocol/task-queues.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import { sagaTimes } from '../../packages/runtime/src/times.ts';
import { freshNamespace } from '../namespace.ts';
import { COMMAND, failTask, takeTask } from '../take-task.ts';
import { startSaga } from '../../packages/client/src/starts/start-saga.ts';
import { sweepKilledSagas } from '../../packages/client/src/recovery/sweep-killed-sagas.ts';
import type { SagaTemporal } from '../../packages/client/src/known-sagas.ts';
import { shopTemporal } from '../the-shop.ts';

/** No worker polls here: what a sweep starts stays as it was started. */
let space: Awaited<ReturnType<typeof freshNamespace>>;
beforeEach(async () => {
  space = await freshNamespace();
});
afterEach(() => space?.close());

const log = createLog('test', 'silent');
const trigger: Trigger = { kind: 'event', id: 'e-1', type: 'shop.order.placed.v1', source: '/test' };
const times = sagaTimes.parse('{"fulfilOrder":{"deadline":"5 minutes"},"*":{"undoBudget":"1 hour"}}');

const newSaga = async (): Promise<string> => {
  const input = { ...exampleOrder, orderId: `o-${randomUUID()}` };
  const { id } = await startSaga(space.client, { saga: 'fulfilOrder', input, trigger, times: { entries: {} } });
  return id;
};
const handle = (id: string) => space.client.workflow.getHandle(id);
const killed = async (): Promise<string> => {
  const id = await newSaga();
  await handle(id).terminate('a test');
  return id;
};
const sweep = (client: SagaTemporal = space.client) => sweepKilledSagas(client, { times, log });
/** Until the index, which is a little late, knows of them. */
const listed = async (query: string, count: number): Promise<void> => {
  await expect.poll(async () => (await space.client.workflow.count(query)).count, { timeout: 15_000 }).toBe(count);
};
const CLOSED = `ExecutionStatus != 'Running'`;
const RECOVERIES = `WorkflowId STARTS_WITH 'recover:'`;

/** To its first task. */
const reset = (workflowId: string, runId: string) =>
  space.client.workflowService.resetWorkflowExecution({
    namespace: space.namespace,
    workflowExecution: { workflowId, runId },
    workflowTaskFinishEventId: 4 as never,
    requestId: randomUUID(),
    reason: 'a test',
  });

const startOf = async (workflowId: string) => {
  const [first] = (await handle(workflowId).fetchHistory()).events ?? [];
  const started = first?.workflowExecutionStartedEventAttributes;
  const args = (started?.input?.payloads ?? []).map(
    ({ data }) => JSON.parse(Buffer.from(data ?? []).toString()) as unknown,
  );
  return { started, args };
};

describe('S14: the sweep', () => {
  it('begins the recovery of a terminated saga, with all that its run needs to know', async () => {
    const id = await killed();
    await listed(CLOSED, 1);
    expect(await sweep()).toEqual({ begun: 1, failed: 0 });

    const run = await handle(`recover:${id}`).describe();
    expect(run).toMatchObject({
      type: 'fulfilOrder',
      taskQueue: SAGA_TASK_QUEUE,
      searchAttributes: { SagaStatus: ['compensating'], SagaKey: [id.slice('fulfilOrder:'.length)] },
    });
    const { started, args } = await startOf(`recover:${id}`);
    const original = SagaStart.parse((await startOf(id)).args[1]);
    expect(args).toEqual([
      null,
      {
        startedAt: original.startedAt,
        trigger,
        times: { deadline: 300_000, steps: { '*': { undoBudget: 3_600_000 } } },
        recovers: id,
      },
    ]);
    const { workflowExecutionTimeout, workflowRunTimeout, workflowTaskTimeout } = started ?? {};
    const seconds = [workflowExecutionTimeout, workflowRunTimeout, workflowTaskTimeout].map((one) =>
      Number(one?.seconds ?? 0),
    );
    expect(seconds).toEqual([0, 0, 5]);
  });

  it('finds what the server has killed or failed, what timed out, and what was started past us', async () => {
    const tooLarge = await newSaga();
    await failTask(space.client);
    const failed = await newSaga();
    await takeTask(space.client, [
      { commandType: COMMAND.failWorkflow, failWorkflowExecutionCommandAttributes: { failure: { message: 'gone' } } },
    ]);
    const timedOut = `fulfilOrder:${randomUUID()}`;
    const byHand = `returnOrder:${randomUUID()}`;
    const options = { taskQueue: SAGA_TASK_QUEUE, args: [] };
    await space.client.workflow.start('fulfilOrder', { ...options, workflowId: timedOut, workflowRunTimeout: '1s' });
    await space.client.workflow.start('returnOrder', { ...options, workflowId: byHand });
    await handle(byHand).terminate();
    await listed(CLOSED, 4);
    const statuses = await Promise.all(
      [tooLarge, failed, timedOut].map(async (id) => (await handle(id).describe()).status.name),
    );
    expect(statuses).toEqual(['TERMINATED', 'FAILED', 'TIMED_OUT']);
    expect(await sweep()).toEqual({ begun: 4, failed: 0 });
    const starts = await Promise.all(
      [tooLarge, failed, timedOut, byHand].map(async (id) => SagaStart.parse((await startOf(`recover:${id}`)).args[1])),
    );
    expect(starts.map(({ recovers }) => recovers)).toEqual([tooLarge, failed, timedOut, byHand]);
    // of what was started past us the server knows when
    const { startTime } = await handle(byHand).describe();
    expect(starts[3]?.startedAt).toBe(startTime.toISOString());
  });

  it('leaves alone what lives, what has come to its end, and what is no saga', async () => {
    await newSaga();
    const other = await space.client.workflow.start('somethingElse', { workflowId: 'x', taskQueue: 'nobody' });
    await other.terminate();
    const odd = await space.client.workflow.start('fulfilOrder', { workflowId: 'no saga id', taskQueue: 'nobody' });
    await odd.terminate();
    const compensated = await newSaga();
    await endAs('compensated', 2);
    await listed(CLOSED, 3);
    expect(await sweep()).toEqual({ begun: 0, failed: 0 });
    await expect(handle(`recover:${compensated}`).describe()).rejects.toMatchObject({ name: 'WorkflowNotFoundError' });
  });

  it('what is of a type that is in no catalog is an error in the log, again and again, by its id', async () => {
    const id = `shipByBalloon:${randomUUID()}`;
    const open = defineSearchAttributeKey('SagaStatus', SearchAttributeType.KEYWORD);
    await space.client.workflow.start('shipByBalloon', {
      workflowId: id,
      taskQueue: 'nobody',
      typedSearchAttributes: [{ key: open, value: 'running' }],
    });
    await handle(id).terminate();
    await listed(CLOSED, 1);
    const told: string[] = [];
    const noisy = pino({ level: 'error' }, { write: (line) => void told.push(line) });
    for (let nth = 1; nth <= 2; nth++) {
      expect(await sweepKilledSagas(space.client, { times, log: noisy })).toEqual({ begun: 0, failed: 1 });
      expect(told.filter((line) => line.includes(id) && line.includes('not in the catalog'))).toHaveLength(nth);
    }
  });

  it('sweeping twice, and at once, begins each once', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, killed));
    await listed(CLOSED, ids.length);
    const swept = await Promise.all([sweep(), sweep(), sweep()]);
    expect(swept.map(({ begun }) => begun).reduce((sum, begun) => sum + begun, 0)).toBe(ids.length);
    expect(swept.every(({ failed }) => failed === 0)).toBe(true);
    expect(await sweep()).toEqual({ begun: 0, failed: 0 });
    await listed(RECOVERIES, ids.length);
    expect(await sweep()).toEqual({ begun: 0, failed: 0 });
  });

  it('goes through every page', async () => {
    const ids: string[] = [];
    while (ids.length < 110) ids.push(...(await Promise.all(Array.from({ length: 22 }, killed))));
    await listed(CLOSED, ids.length);
    expect(await sweep()).toEqual({ begun: ids.length, failed: 0 });
    await listed(RECOVERIES, ids.length);
    expect(await sweep()).toEqual({ begun: 0, failed: 0 });
  }, 90_000);

  it('a reset leaves nothing to sweep: the newer run wins; killed again, it is recovered', async () => {
    const id = await newSaga();
    await takeTask(space.client, []);
    const { runId } = await handle(id).describe();
    await reset(id, runId);
    await listed(CLOSED, 1);
    expect((await space.client.workflow.getHandle(id, runId).describe()).status.name).toBe('TERMINATED');
    expect(await sweep()).toEqual({ begun: 0, failed: 0 });
    await handle(id).terminate();
    await listed(CLOSED, 2);
    expect(await sweep()).toEqual({ begun: 1, failed: 0 });
  });

  it('a saga that was recovered, reset and killed again is recovered again', async () => {
    const id = await newSaga();
    await takeTask(space.client, []);
    const { runId } = await handle(id).describe();
    await handle(id).terminate();
    await listed(CLOSED, 1);
    await sweep();
    await endAs('compensated', 1);
    await reset(id, runId);
    await handle(id).terminate();
    await listed(CLOSED, 3);
    expect(await sweep()).toEqual({ begun: 1, failed: 0 });
    await listed(`${RECOVERIES} AND ExecutionStatus = 'Running'`, 1);
    expect(await sweep()).toEqual({ begun: 0, failed: 0 });
  });

  it('a recovery run that was itself killed is begun again; one that has come to its end is not', async () => {
    const id = await killed();
    await listed(CLOSED, 1);
    await sweep();
    await handle(`recover:${id}`).terminate();
    await listed(CLOSED, 2);
    expect(await sweep()).toEqual({ begun: 1, failed: 0 });
    expect((await startOf(`recover:${id}`)).args[1]).toMatchObject({ recovers: id });
    await listed(`${RECOVERIES} AND ExecutionStatus = 'Running'`, 1);
    expect(await sweep()).toEqual({ begun: 0, failed: 0 });

    await endAs('compensated', 1);
    await listed(`${RECOVERIES} AND ExecutionStatus = 'Failed' AND SagaStatus = 'compensated'`, 1);
    expect(await sweep()).toEqual({ begun: 0, failed: 0 });
  });

  it('a saga that cannot be recovered keeps no other from being swept, and the next sweep tries it again', async () => {
    const ids = await Promise.all([killed(), killed(), killed()]);
    await listed(CLOSED, ids.length);
    expect(await sweep(whereOneCannotStart(space.client, `recover:${ids[1]}`))).toEqual({ begun: 2, failed: 1 });
    expect(await sweep()).toEqual({ begun: 1, failed: 0 });
  });

  it('Temporal out of reach is told, not taken for nothing to do', async () => {
    const client = shopTemporal(new Client({ connection: space.client.connection, namespace: 'no-such-namespace' }));
    await expect(sweep(client)).rejects.toMatchObject({ name: 'Unavailable' });
  });
});

/** Ends the next of so many waiting runs as a saga does that has come to its end; the others are only looked at. */
const endAs = async (status: string, waiting: number): Promise<void> => {
  const indexedFields = {
    SagaStatus: {
      metadata: { encoding: Buffer.from('json/plain'), type: Buffer.from('Keyword') },
      data: Buffer.from(JSON.stringify(status)),
    },
  };
  for (let nth = 1; nth <= waiting; nth++) {
    await takeTask(
      space.client,
      nth < waiting
        ? []
        : [
            {
              commandType: COMMAND.upsertSearchAttributes,
              upsertWorkflowSearchAttributesCommandAttributes: { searchAttributes: { indexedFields } },
            },
            {
              commandType: COMMAND.failWorkflow,
              failWorkflowExecutionCommandAttributes: { failure: { message: status } },
            },
          ],
    );
  }
};

/** The real server, but for one thing: the workflow of that id is not started. */
const whereOneCannotStart = (client: SagaTemporal, workflowId: string): SagaTemporal => {
  const start: typeof client.workflow.start = (type, options) =>
    options.workflowId === workflowId
      ? Promise.reject(new Error('not this one'))
      : client.workflow.start(type, options);
  const workflow = Object.create(client.workflow, { start: { value: start } }) as typeof client.workflow;
  return Object.create(client, { workflow: { value: workflow } }) as SagaTemporal;
};
