import type { Client } from '@temporalio/client';
import type { Outside } from '../activities/saga-activities.ts';
import { awaitSaga } from '../client/await-saga.ts';
import { childrenOf } from '../client/children-of.ts';

/** What the engine needs done by a client of Temporal. */
export const throughTemporal = (client: Client): Pick<Outside, 'cancelWorkflow' | 'awaitSaga' | 'childrenOf'> => ({
  cancelWorkflow: async (workflowId, runId) => {
    await client.workflow.getHandle(workflowId, runId).cancel();
  },
  awaitSaga: (saga) => awaitSaga(client, saga),
  childrenOf: (parent) => childrenOf(client, parent),
});
