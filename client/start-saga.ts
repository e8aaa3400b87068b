import type { Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { sagaId } from '../contracts/ids.ts';
import type { SagaStart } from '../contracts/saga-start.ts';
import type { Trigger } from '../contracts/saga-view.ts';
import { SAGA_TASK_QUEUE } from '../contracts/task-queues.ts';
import { fingerprint } from '../platform/fingerprint.ts';
import { timesOf, type TimesTable } from '../platform/times.ts';
import { bounded, CALL_DEADLINE_MS } from './bounded.ts';
import { INPUT_LIMIT_BYTES, PayloadTooLarge } from './payload-too-large.ts';
import { sagaContractOf } from './sagas.ts';
import { SAGA_KEY, SAGA_STATUS } from './search-attributes.ts';

/** Bounds how late a cancel is seen by a saga whose worker died (S9). */
export const WORKFLOW_TASK_TIMEOUT_MS = 5_000;

/**
 * `started`: Temporal has it durably. `duplicate`: a saga of that id already had the same input. `conflict`: it had another one.
 */
export type StartedSaga =
  | { readonly id: string; readonly key: string; readonly outcome: 'started'; readonly start: SagaStart }
  | { readonly id: string; readonly key: string; readonly outcome: 'duplicate' | 'conflict' };

/**
 * Starts a saga at most once a business key, within Temporal's retention (E3).
 *
 * `input` has been parsed by the saga's contract; its key must be a BusinessKey; `times` is what AMENDS_TIMES says, fixed
 * in the start. Never sets an execution or run timeout (S10).
 *
 * @throws PayloadTooLarge before anything is sent
 * @throws Unavailable when Temporal did not answer: the saga may or may not have started; repeating is harmless
 */
export const startSaga = async (
  client: Client,
  { saga, input, trigger, times }: { saga: string; input: unknown; trigger: Trigger; times: TimesTable },
): Promise<StartedSaga> => {
  const contract = sagaContractOf(saga);
  if (!contract) throw new TypeError(`there is no saga called ${saga}`);
  const bytes = Buffer.byteLength(JSON.stringify(input));
  if (bytes > INPUT_LIMIT_BYTES) {
    throw new PayloadTooLarge(`the input has ${bytes} bytes; ${saga} may be started with ${INPUT_LIMIT_BYTES}`);
  }
  const key = contract.key(input);
  const id = sagaId(saga, key);
  const start: SagaStart = { startedAt: new Date().toISOString(), trigger, times: timesOf(times, saga) };
  const mark = fingerprint(input);

  return bounded(client, CALL_DEADLINE_MS, async () => {
    try {
      await client.workflow.start(saga, {
        workflowId: id,
        taskQueue: SAGA_TASK_QUEUE,
        args: [input, start],
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        workflowIdConflictPolicy: 'FAIL',
        workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT_MS,
        typedSearchAttributes: [
          { key: SAGA_STATUS, value: 'running' },
          { key: SAGA_KEY, value: key },
        ],
        memo: { fingerprint: mark },
        staticSummary: `${key}, started by ${trigger.type ?? trigger.kind}`,
      });
      return { id, key, outcome: 'started', start };
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      const { memo } = await client.workflow.getHandle(id).describe();
      return { id, key, outcome: memo?.['fingerprint'] === mark ? 'duplicate' : 'conflict' };
    }
  });
};
