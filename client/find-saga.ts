import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { parseSagaId } from '../contracts/ids.ts';
import { bounded, CALL_DEADLINE_MS } from './bounded.ts';
import { catalog } from './catalog.ts';

/**
 * What Temporal itself knows of a saga's latest run, without a worker; undefined when the id is none of a saga of the
 * catalog, or is unknown, or past retention.
 *
 * @throws Unavailable
 */
export const findSaga = async (client: Client, id: string): Promise<WorkflowExecutionDescription | undefined> => {
  const saga = parseSagaId(id)?.saga;
  if (saga === undefined || !catalog.has(saga) || !id.startsWith(`${saga}:`)) return undefined;
  try {
    const found = await bounded(client, CALL_DEADLINE_MS, () => client.workflow.getHandle(id).describe());
    return found.type === saga ? found : undefined;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
};
