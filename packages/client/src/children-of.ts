import type { Client } from '@temporalio/client';
import type { ChildOfSaga } from '@amends/contracts/internal';
import { catalog } from './catalog.ts';
import { oneOf } from './saga-filter.ts';
import { readStart } from './view-from-start.ts';

/**
 * The sagas that one has started, whether they live or have ended. Temporal's index is about a second late: ask once the parent has been
 * closed for longer.
 *
 * @throws Unavailable when Temporal does not answer
 */
export const childrenOf = async (client: Client, parent: string): Promise<readonly ChildOfSaga[]> => {
  const children: ChildOfSaga[] = [];
  const query = `${oneOf('ParentWorkflowId', [parent])} AND ${oneOf('WorkflowType', [...catalog.keys()])}`;
  for await (const { workflowId, runId, type } of client.workflow.list({ query })) {
    const run = await client.workflow.getHandle(workflowId, runId).describe();
    const { start } = await readStart(client, run);
    const step = run.memo?.['step'];
    // what another workflow has started by hand is no step of it
    if (typeof step !== 'string') continue;
    children.push({ id: workflowId, saga: type, step, startedAt: start.startedAt });
  }
  return children;
};

/** What a saga's latest run was started with. @throws Unavailable when Temporal does not answer */
export const inputOf = async (client: Client, id: string): Promise<unknown> => {
  const run = await client.workflow.getHandle(id).describe();
  return (await readStart(client, run)).input;
};
