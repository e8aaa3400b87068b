import type { WorkflowExecutionDescription } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { parseSagaId } from '@amends/contracts';
import { recoveredBy, recoveryId, SAGA_TASK_QUEUE, isUnavailable } from '@amends/contracts/internal';
import type { SagaStart } from '@amends/contracts/internal';
import { timesOf, type TimesTable } from '@amends/runtime/internal';
import type { SagaTemporal } from '../known-sagas.ts';
import { firstMessage, isEarly } from '../starts/begin-early.ts';
import { bounded, CALL_DEADLINE_MS } from '../bounded.ts';
import { isKilled } from '../views/closing.ts';
import { findRun, findSaga, isRecovery, recovers } from '../views/find-saga.ts';
import { listedMemo } from '../views/listed.ts';
import { killedRunOf } from '../views/recovered-view.ts';
import { SAGA_KEY, SAGA_STARTED_AT, SAGA_STATUS } from '../views/search-attributes.ts';
import { WORKFLOW_TASK_TIMEOUT_MS } from '../starts/start-saga.ts';
import { readStart, startOf } from '../views/view-from-start.ts';

/**
 * Begins the recovery of a saga that was killed (S14), once: its fixed id lets one recovery run live, and one that has ended is not begun
 * again, unless it was itself killed, or the saga has been reset and killed again since. A run that was only waiting for what starts its saga is
 * not recovered (E4).
 *
 * @param times AMENDS_TIMES, fixed in the start
 * @returns whether it has begun now
 * @throws Unavailable
 */
export const recoverSaga = async (client: SagaTemporal, id: string, times: TimesTable): Promise<boolean> => {
  const found = await findSaga(client, id);
  const { saga, key } = parseSagaId(id) ?? {};
  if (!found || !isKilled(found.run) || saga === undefined || key === undefined) return false;
  const killed = found.killed ?? found.run;
  const own = isRecovery(killed) ? undefined : killed;
  const begun = own && isEarly(own) ? await firstMessage(client, own) : undefined;
  if (own && isEarly(own) && !begun) return false;
  const before = isRecovery(found.run) ? found.run : await findRun(client, recoveryId(id), saga);
  const began = begun?.start ?? (await startOfKilled(client, killed));
  const { startedAt, trigger } = began;
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
          { key: SAGA_STARTED_AT, value: new Date(startedAt) },
        ],
        memo: { killedRun: own?.runId ?? killedRunOf(before?.memo) ?? null, ...listedMemo(began) },
        staticSummary: `${key}, recovered after it was killed`,
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
};

/**
 * Whether the saga of a recovery run has a newer run of its own, so that nothing is left to recover. One that was deleted, or is past retention,
 * has none.
 *
 * @throws Unavailable
 */
export const isSuperseded = async (client: SagaTemporal, workflowId: string, runId: string): Promise<boolean> => {
  const id = recoveredBy(workflowId);
  const { saga } = parseSagaId(workflowId) ?? {};
  if (id === undefined || saga === undefined) return false;
  const recovery = await bounded(client, CALL_DEADLINE_MS, () =>
    client.workflow.getHandle(workflowId, runId).describe(),
  );
  return !recovers(recovery, await findRun(client, id, saga));
};

/** As its history says; without it, as the server knows. */
const startOfKilled = async (client: SagaTemporal, run: WorkflowExecutionDescription): Promise<SagaStart> => {
  try {
    return (await readStart(client, run)).start;
  } catch (error) {
    if (isUnavailable(error)) throw error;
    return startOf(run);
  }
};
