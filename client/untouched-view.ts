import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { z } from 'zod';
import { SagaStart } from '../contracts/saga-start.ts';
import type { SagaView } from '../contracts/saga-view.ts';
import { bounded, CALL_DEADLINE_MS } from './bounded.ts';
import { withClosing } from './closing.ts';
import { initialView } from './initial-view.ts';

/** More tasks than these show cannot have failed without one having been completed. */
const FIRST_EVENTS = 50;

/**
 * The view of a run of which no worker has completed a task, read from its start alone; undefined when one has.
 *
 * @throws Unavailable when Temporal does not answer; no worker is needed
 */
export const untouchedView = async (
  client: Client,
  run: WorkflowExecutionDescription,
): Promise<SagaView | undefined> => {
  const { history } = await bounded(client, CALL_DEADLINE_MS, () =>
    client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId: run.workflowId, runId: run.runId },
      maximumPageSize: FIRST_EVENTS,
    }),
  );
  const events = history?.events ?? [];
  if (events.some((event) => event.workflowTaskCompletedEventAttributes)) return undefined;
  const payloads = events[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  const converter = client.options.loadedDataConverter.payloadConverter;
  const [input, start] = z
    .tuple([z.unknown(), SagaStart])
    .parse(payloads.map((payload) => converter.fromPayload<unknown>(payload)));
  return withClosing(initialView(run.workflowId, input, start), run);
};
