import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { parseSagaId } from '@amends/contracts';
import { recoveryId } from '@amends/contracts/internal';
import type { SagaStart } from '@amends/contracts/internal';
import { SAGA_TASK_QUEUE } from '@amends/contracts/internal';
import { timesOf, type TimesTable } from '@amends/runtime/internal';
import { bounded, CALL_DEADLINE_MS } from './bounded.ts';
import { isKilled } from './closing.ts';
import { findRun, findSaga, isRecovery } from './find-saga.ts';
import { recoveryMemo } from './recovered-view.ts';
import { SAGA_KEY, SAGA_STATUS } from './search-attributes.ts';
import { WORKFLOW_TASK_TIMEOUT_MS } from './start-saga.ts';
import { isUnavailable } from './unavailable.ts';
import { readStart, startOf } from './view-from-start.ts';

/**
 * Begins the recovery of a saga that was killed (S14), once: its fixed id lets one recovery run live, and one that has ended is not begun
 * again, unless it was itself killed, or the saga has been reset and killed again since.
 *
 * @param times AMENDS_TIMES, fixed in the start
 * @returns whether it has begun now
 * @throws Unavailable
 */
export const recoverSaga = async (client: Client, id: string, times: TimesTable): Promise<boolean> => {
  const found = await findSaga(client, id);
  const { saga, key } = parseSagaId(id) ?? {};
  if (!found || !isKilled(found.run) || saga === undefined || key === undefined) return false;
  const before = isRecovery(found.run) ? found.run : await findRun(client, recoveryId(id), saga);
  const { startedAt, trigger } = await startOfKilled(client, found.killed ?? found.run);
  const start: SagaStart = { startedAt, trigger, times: timesOf(times, saga), recovers: id };
  try {
    await bounded(client, CALL_DEADLINE_MS, () =>
      client.workflow.start(saga, {
        workflowId: recoveryId(id),
        taskQueue: SAGA_TASK_QUEUE,
        args: [null, start],
        workflowIdReusePolicy: before ? 'ALLOW_DUPLICATE' : 'REJECT_DUPLICATE',
        workflowIdConflictPolicy: 'FAIL',
        workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT_MS,
        typedSearchAttributes: [
          { key: SAGA_STATUS, value: 'compensating' },
          { key: SAGA_KEY, value: key },
        ],
        memo: recoveryMemo(before?.memo),
        staticSummary: `${key}, recovered after it was killed`,
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
};

/** As its history says; without it, as the server knows. */
const startOfKilled = async (client: Client, run: WorkflowExecutionDescription): Promise<SagaStart> => {
  try {
    return (await readStart(client, run)).start;
  } catch (error) {
    if (isUnavailable(error)) throw error;
    return startOf(run);
  }
};
