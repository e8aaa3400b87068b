import type { WorkflowExecutionDescription } from '@temporalio/client';
import { SagaStart } from '@amends/contracts/internal';
import { SagaStatus, type SagaView } from '@amends/contracts';
import type { SagaTemporal } from '../known-sagas.ts';
import { bounded, CALL_DEADLINE_MS } from '../bounded.ts';
import { withClosing } from './closing.ts';
import { initialView } from '../starts/initial-view.ts';
import { SAGA_STATUS } from './search-attributes.ts';
import { versionBase } from './version-base.ts';

/** More tasks than these show cannot have failed without one having been completed. */
const FIRST_EVENTS = 50;

/** `untouched`: no worker has completed a task of the run, so that the view is all there is to know. */
export interface StartView {
  readonly view: SagaView;
  readonly untouched: boolean;
}

/**
 * The view of a run as the server alone tells it: from its start, and from the status it wrote last.
 *
 * Of a run that a worker has touched nothing is known of its steps, result and cause, so that they are empty; its `version` is
 * below zero, which no view of a worker's is.
 *
 * @throws Unavailable when Temporal does not answer; no worker is needed
 */
export const viewFromStart = async (client: SagaTemporal, run: WorkflowExecutionDescription): Promise<StartView> => {
  const { input, start, untouched } = await readStart(client, run);
  const initial = initialView(client.sagas, run.workflowId, input, start);
  const view = { ...initial, version: versionBase(run) };
  if (untouched) return { view: withClosing(view, run), untouched };
  const status = SagaStatus.catch('running').parse(run.typedSearchAttributes.get(SAGA_STATUS));
  const closed = withClosing({ ...view, status, steps: [] }, run);
  return { view: { ...closed, version: -run.historyLength }, untouched };
};

/**
 * What a run was started with, from its history.
 *
 * @throws Unavailable when Temporal does not answer
 */
export const readStart = async (
  client: SagaTemporal,
  run: WorkflowExecutionDescription,
): Promise<{ readonly input: unknown; readonly start: SagaStart; readonly untouched: boolean }> => {
  const { history } = await bounded(client, CALL_DEADLINE_MS, () =>
    client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId: run.workflowId, runId: run.runId },
      maximumPageSize: FIRST_EVENTS,
    }),
  );
  const events = history?.events ?? [];
  const untouched = !events.some((event) => event.workflowTaskCompletedEventAttributes);
  const payloads = events[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  const converter = client.options.loadedDataConverter.payloadConverter;
  const [input = null, given] = payloads.map((payload) => converter.fromPayload<unknown>(payload));
  return { input, start: SagaStart.safeParse(given).data ?? startOf(run), untouched };
};

/** Of a run that somebody started past us. */
export const startOf = (run: WorkflowExecutionDescription): SagaStart => ({
  startedAt: run.startTime.toISOString(),
  trigger: { kind: 'http', id: null, type: null, source: null },
  times: { steps: {} },
});
