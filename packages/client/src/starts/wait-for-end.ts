import type { SagaTemporal } from '../known-sagas.ts';
import { bounded } from '../bounded.ts';
import { isUnavailable } from '@amends/contracts/internal';
import type { HistoryEvent } from '../views/closing-view.ts';

/** As the server's protocol numbers it: the server answers once there is the event with which a run closes, and that alone. */
const CLOSE_EVENT = 2;

/** How a saga has closed. */
export interface EndOfRun {
  readonly event: HistoryEvent;
  /** Whether the run that it began with has closed so, and none that continues it. */
  readonly isFirst: boolean;
}

/**
 * Waits until a saga has closed, whatever its end, at most so long; undefined when it has not, or when Temporal is out of reach. The server waits
 * for us: nothing is asked again and again.
 */
export const waitForEnd = async (client: SagaTemporal, id: string, withinMs: number): Promise<EndOfRun | undefined> => {
  try {
    return await bounded(client, withinMs, () => endOf(client, id, Date.now() + withinMs));
  } catch (error) {
    if (isUnavailable(error)) return undefined;
    throw error;
  }
};

const endOf = async (client: SagaTemporal, workflowId: string, until: number): Promise<EndOfRun | undefined> => {
  let runId: string | undefined;
  let nextPageToken: Uint8Array | undefined;
  while (Date.now() < until) {
    const page = await client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId, ...(runId !== undefined && { runId }) },
      waitNewEvent: true,
      skipArchival: true,
      historyEventFilterType: CLOSE_EVENT,
      ...(nextPageToken && { nextPageToken }),
    });
    const event = page.history?.events?.[0];
    const next = event && continuedBy(event);
    if (event && !next) return { event, isFirst: runId === undefined };
    runId = next ?? runId;
    nextPageToken = next ? undefined : page.nextPageToken;
  }
  return undefined;
};

const continuedBy = (event: HistoryEvent): string | undefined =>
  (event.workflowExecutionContinuedAsNewEventAttributes ?? event.workflowExecutionFailedEventAttributes)
    ?.newExecutionRunId || undefined;
