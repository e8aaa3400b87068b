import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowExecutionDescription, WorkflowExecutionInfo } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { BeginMessage, SagaSignal } from '@amends/contracts/internal';
import type { SagaTemporal } from '../known-sagas.ts';
import { Unavailable } from '@amends/contracts/internal';

const BEGIN = 'begin' satisfies SagaSignal;
const PAGE_EVENTS = 100;
/** The server keeps a message out of the history while a workflow task is under way; one whose worker died lasts 5 s. */
const LOOKS = 30;
const LOOK_PAUSE_MS = 200;

/** In the memo of a run that waits for what starts it, and of no other. */
export const EARLY_MEMO = { early: true } as const;

/** Whether something came early of a saga, and what starts it has not come to this run (E4). */
export const isEarly = ({ memo }: Pick<WorkflowExecutionInfo, 'memo'>): boolean => memo?.['early'] === true;

/**
 * Tells a run that {@link isEarly} what starts its saga. Durable when it resolves, without a worker: the first such message in the run's
 * history stands, which whoever sent one can see.
 *
 * @returns the message with which the saga began or will begin, this one or another; undefined when the run has ended without
 * @throws Unavailable when it could not be seen in time: repeat it
 */
export const beginEarly = async (
  client: SagaTemporal,
  run: WorkflowExecutionDescription,
  message: BeginMessage,
): Promise<BeginMessage | undefined> => {
  const before = await firstMessage(client, run);
  if (before || run.closeTime) return before;
  const handle = client.workflow.getHandle(run.workflowId, run.runId);
  try {
    await handle.signal<[BeginMessage]>(BEGIN, message);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
  for (let looks = 1; looks <= LOOKS; looks++) {
    // asked first: the history of a run that has ended is whole
    const { closeTime } = await handle.describe();
    const first = await firstMessage(client, run);
    if (first || closeTime) return first;
    await sleep(LOOK_PAUSE_MS);
  }
  throw new Unavailable(`what starts ${run.workflowId} is not in its history yet`);
};

/**
 * What starts the saga, as the history of its run that {@link isEarly} has it; undefined when nothing has come, so that the run has done nothing,
 * was promised nothing, and is nobody's loss when it is killed (S14).
 */
export const firstMessage = async (
  client: SagaTemporal,
  { workflowId, runId }: WorkflowExecutionDescription,
): Promise<BeginMessage | undefined> => {
  const { namespace, loadedDataConverter } = client.options;
  let nextPageToken: Uint8Array = new Uint8Array();
  do {
    const page = await client.workflowService.getWorkflowExecutionHistory({
      namespace,
      execution: { workflowId, runId },
      maximumPageSize: PAGE_EVENTS,
      nextPageToken,
    });
    for (const { workflowExecutionSignaledEventAttributes: signal } of page.history?.events ?? []) {
      const [payload] = signal?.signalName === BEGIN ? (signal.input?.payloads ?? []) : [];
      if (payload) return loadedDataConverter.payloadConverter.fromPayload<BeginMessage>(payload);
    }
    nextPageToken = page.nextPageToken;
  } while (nextPageToken.length > 0);
  return undefined;
};
