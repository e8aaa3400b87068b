import { randomUUID } from 'node:crypto';
import type { WorkflowIdReusePolicy, WorkflowStartOptions } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { sagaId } from '@amends/contracts';
import type { BeginMessage, SagaStart } from '@amends/contracts/internal';
import type { Trigger } from '@amends/contracts';
import { SAGA_TASK_QUEUE, INPUT_LIMIT_BYTES, PayloadTooLarge, Unavailable } from '@amends/contracts/internal';
import { fingerprint, timesOf, type TimesTable } from '@amends/runtime/internal';
import type { SagaTemporal } from '../known-sagas.ts';
import { beginEarly, isEarly } from './begin-early.ts';
import { bounded, CALL_DEADLINE_MS } from '../bounded.ts';
import { listedMemo } from '../views/listed.ts';
import { SAGA_KEY, SAGA_STARTED_AT, SAGA_STATUS } from '../views/search-attributes.ts';
import { versionMemo } from '../views/version-base.ts';

/** A run that waited for what starts it may end, or go on as another, while it is told. */
const TRIES = 5;

/** Bounds how late a cancel is seen by a saga whose worker died (S9). */
export const WORKFLOW_TASK_TIMEOUT_MS = 5_000;

/**
 * `started`: Temporal has it durably. `duplicate`: a saga of that id already had the same input. `conflict`: it had another one.
 */
export type StartedSaga =
  | {
      readonly id: string;
      readonly key: string;
      readonly outcome: 'started';
      readonly start: SagaStart;
      readonly version: number;
    }
  | { readonly id: string; readonly key: string; readonly outcome: 'duplicate' | 'conflict' };

/**
 * Starts a saga at most once a business key, within Temporal's retention (E3). One of which a cancel or an event came early has a run that
 * waits for this (E4): it is told, and begins.
 *
 * `input` has been parsed by the saga's contract; its key must be a BusinessKey; `times` is what AMENDS_TIMES says, fixed
 * in the start. Never sets an execution or run timeout (S10).
 *
 * @throws PayloadTooLarge before anything is sent
 * @throws Unavailable when Temporal did not answer: the saga may or may not have started; repeating is harmless
 */
export const startSaga = async (
  client: SagaTemporal,
  { saga, input, trigger, times }: { saga: string; input: unknown; trigger: Trigger; times: TimesTable },
): Promise<StartedSaga> => {
  const contract = client.sagas.contractOf(saga);
  if (!contract) throw new TypeError(`there is no saga called ${saga}`);
  const bytes = Buffer.byteLength(JSON.stringify(input));
  if (bytes > INPUT_LIMIT_BYTES) {
    throw new PayloadTooLarge(`the input has ${bytes} bytes; ${saga} may be started with ${INPUT_LIMIT_BYTES}`);
  }
  const key = contract.key(input);
  const id = sagaId(saga, key);
  const start: SagaStart = { startedAt: new Date().toISOString(), trigger, times: timesOf(times, saga) };
  const mark = fingerprint(input);

  const memo = { fingerprint: mark, ...listedMemo(start) };
  const laterMemo = { ...memo, ...versionMemo() };
  const message: BeginMessage = { token: randomUUID(), input, start, memo: laterMemo };
  const summary = `${key}, started by ${trigger.type ?? trigger.kind}`;
  const options = { ...startOptions(id, key, start), args: [input, start], memo, staticSummary: summary } as const;

  return bounded(client, CALL_DEADLINE_MS, async () => {
    const later = { id, key, outcome: 'started', start, version: laterMemo.versionFrom } as const;
    let isFirst = true;
    let workflowIdReusePolicy: WorkflowIdReusePolicy = 'REJECT_DUPLICATE';
    for (let tries = 1; tries <= TRIES; tries++) {
      if (await starts(client, saga, { ...options, ...(isFirst ? {} : { memo: laterMemo }), workflowIdReusePolicy })) {
        return isFirst ? { ...later, version: 0 } : later;
      }
      isFirst = false;
      const run = await client.workflow.getHandle(id).describe();
      const begun = isEarly(run) ? await beginEarly(client, run, message) : { token: null, memo: run.memo };
      if (begun?.token === message.token) return later;
      if (begun) return { id, key, outcome: begun.memo?.['fingerprint'] === mark ? 'duplicate' : 'conflict' };
      // what came early has waited in vain, or was killed: it counts no more
      workflowIdReusePolicy = run.closeTime ? 'ALLOW_DUPLICATE_FAILED_ONLY' : 'REJECT_DUPLICATE';
    }
    throw new Unavailable(`each run of ${id} ended before it could be told what starts it`);
  });
};

type StartOptions = WorkflowStartOptions & { readonly workflowIdConflictPolicy: 'FAIL' };

/** What every start of a saga has in common. */
export const startOptions = (id: string, key: string, { startedAt }: SagaStart): StartOptions => ({
  workflowId: id,
  taskQueue: SAGA_TASK_QUEUE,
  workflowIdConflictPolicy: 'FAIL',
  workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT_MS,
  typedSearchAttributes: [
    { key: SAGA_STATUS, value: 'running' },
    { key: SAGA_KEY, value: key },
    { key: SAGA_STARTED_AT, value: new Date(startedAt) },
  ],
});

/** @returns whether it has started now; false when a run of that id is there */
export const starts = async (client: SagaTemporal, saga: string, options: WorkflowStartOptions): Promise<boolean> => {
  try {
    await client.workflow.start(saga, options);
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
};
