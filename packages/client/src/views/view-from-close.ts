import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { SagaView } from '@amends/contracts';
import type { ClosingView } from '@amends/contracts/internal';
import type { SagaTemporal } from '../known-sagas.ts';
import { bounded, CALL_DEADLINE_MS } from '../bounded.ts';
import { isKilled } from './closing.ts';
import { closingPayload, closingViewAmong, closingViewIn, type HistoryEvent } from './closing-view.ts';

/** The whole history of most sagas. */
const FIRST_EVENTS = 100;
/** A saga's end is told in the last of its tasks. */
const LAST_EVENTS = 40;

/**
 * The view of a closed run as its worker would answer it, from its history alone; undefined where the run has not told it: it was killed, or its
 * view was too large, or it never began.
 *
 * @throws Unavailable when Temporal does not answer; no worker is needed
 */
export const viewFromClose = async (
  client: SagaTemporal,
  run: WorkflowExecutionDescription,
): Promise<SagaView | undefined> => {
  if (!run.closeTime || isKilled(run)) return undefined;
  const asked = {
    namespace: client.options.namespace,
    execution: { workflowId: run.workflowId, runId: run.runId },
  };
  const { history, nextPageToken } = await bounded(client, CALL_DEADLINE_MS, () =>
    client.workflowService.getWorkflowExecutionHistory({ ...asked, maximumPageSize: FIRST_EVENTS }),
  );
  const first = history?.events ?? [];
  const last = nextPageToken?.length ? await lastEvents(client, asked) : first;
  const [given] = first[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  const { payloadConverter } = client.options.loadedDataConverter;
  const input = given ? payloadConverter.fromPayload<unknown>(given) : undefined;
  return viewOfClose(client, last, input);
};

const lastEvents = async (
  client: SagaTemporal,
  asked: { readonly namespace: string; readonly execution: { readonly workflowId: string; readonly runId: string } },
): Promise<readonly HistoryEvent[]> => {
  const { history } = await bounded(client, CALL_DEADLINE_MS, () =>
    client.workflowService.getWorkflowExecutionHistoryReverse({ ...asked, maximumPageSize: LAST_EVENTS }),
  );
  return (history?.events ?? []).toReversed();
};

/**
 * The same, of which the last events and the input are known. When the run closed, and which versions were before its own, is not in it.
 *
 * @param last the one with which it closed comes last; of one that closed with a payload no other is needed
 */
export const viewOfClose = (
  client: SagaTemporal,
  last: readonly HistoryEvent[],
  input: unknown,
): SagaView | undefined => {
  const payload = closingPayload(last.at(-1));
  const closing = payload ? closingViewIn(payload) : closingViewAmong(client, last);
  return closing && { ...closing, input, result: resultOf(client, closing, payload) };
};

const resultOf = (
  client: SagaTemporal,
  { status, result }: ClosingView,
  payload: ReturnType<typeof closingPayload>,
): unknown =>
  status === 'completed' && payload ? client.options.loadedDataConverter.payloadConverter.fromPayload(payload) : result;
