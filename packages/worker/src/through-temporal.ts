import type { Client } from '@temporalio/client';
import type { Outside } from './activities/saga-activities.ts';
import { awaitSaga, isStartedBy } from '@amends/client/internal';
import { childrenOf, inputOf } from '@amends/client/internal';

/** What the engine needs done by a client of Temporal. */
export const throughTemporal = (
  client: Client,
): Pick<Outside, 'cancelWorkflow' | 'awaitSaga' | 'isStartedBy' | 'inputOf' | 'childrenOf'> => ({
  cancelWorkflow: async (workflowId, runId) => {
    await client.workflow.getHandle(workflowId, runId).cancel();
  },
  awaitSaga: (saga) => awaitSaga(client, saga),
  isStartedBy: (saga) => isStartedBy(client, saga),
  inputOf: (id) => inputOf(client, id),
  childrenOf: (parent) => childrenOf(client, parent),
});
