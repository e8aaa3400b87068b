import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { EventMessage, SagaSignal } from '@amends/contracts/internal';
import { bounded, CALL_DEADLINE_MS } from '../bounded.ts';

const EVENT = 'event' satisfies SagaSignal;
const PAGE_EVENTS = 1_000;

/** An event, as a signal has it, or what a run that continues another took along of it (packages/saga/src/messages/answers.ts). */
type Known = { readonly id?: unknown; readonly source?: unknown } | null | undefined;

/** What a run that continues another has as the third argument of its workflow. */
interface TookAlong {
  readonly answers?: { readonly come?: readonly (readonly [of: string, come: { readonly from?: Known }])[] };
}

/**
 * Whether an event has reached a saga before its end, as the history of its last run has it: it came to that run, or an earlier one has kept it. Needs no worker.
 *
 * @throws Unavailable when Temporal did not answer
 */
export const hasTaken = async (
  client: Client,
  { workflowId, runId }: WorkflowExecutionDescription,
  { id, source }: Pick<EventMessage, 'id' | 'source'>,
): Promise<boolean> => {
  const { namespace, loadedDataConverter } = client.options;
  const read = loadedDataConverter.payloadConverter;
  const isIt = (known: Known): boolean => known?.id === id && known.source === source;
  let nextPageToken: Uint8Array = new Uint8Array();
  do {
    const page = await bounded(client, CALL_DEADLINE_MS, () =>
      client.workflowService.getWorkflowExecutionHistory({
        namespace,
        execution: { workflowId, runId },
        maximumPageSize: PAGE_EVENTS,
        nextPageToken,
      }),
    );
    for (const { workflowExecutionStartedEventAttributes: started, ...event } of page.history?.events ?? []) {
      const carried = started?.input?.payloads?.[2];
      const come = carried ? (read.fromPayload<TookAlong | null>(carried)?.answers?.come ?? []) : [];
      if (come.some(([, { from }]) => isIt(from))) return true;
      const { workflowExecutionSignaledEventAttributes: signal } = event;
      const [payload] = signal?.signalName === EVENT ? (signal.input?.payloads ?? []) : [];
      if (payload && isIt(read.fromPayload<Known>(payload))) return true;
    }
    nextPageToken = page.nextPageToken;
  } while (nextPageToken.length > 0);
  return false;
};
