import type { Client } from '@temporalio/client';
import { z } from 'zod';
import { SagaStart } from '../contracts/saga-start.ts';
import type { SagaView } from '../contracts/saga-view.ts';
import { bounded, CALL_DEADLINE_MS } from './bounded.ts';
import { findSaga } from './find-saga.ts';
import { initialView } from './initial-view.ts';

/** A history of just the start and its scheduled first task: no worker has seen it. */
const UNTOUCHED_EVENTS = 2;

/**
 * The view of a saga that no worker has touched yet, read from its start; undefined when one has, or there is no such saga.
 *
 * @throws Unavailable when Temporal does not answer; no worker is needed
 */
export const untouchedView = async (client: Client, id: string): Promise<SagaView | undefined> => {
  const run = await findSaga(client, id);
  if (!run || run.closeTime || run.historyLength > UNTOUCHED_EVENTS) return undefined;
  const { history } = await bounded(client, CALL_DEADLINE_MS, () =>
    client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId: id, runId: run.runId },
      maximumPageSize: 1,
    }),
  );
  const payloads = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  const converter = client.options.loadedDataConverter.payloadConverter;
  const [input, start] = z
    .tuple([z.unknown(), SagaStart])
    .parse(payloads.map((payload) => converter.fromPayload<unknown>(payload)));
  return initialView(id, input, start);
};
