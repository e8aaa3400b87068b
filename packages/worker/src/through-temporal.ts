import {
  childrenOf,
  endOfSaga,
  inputOf,
  isStartedBy,
  isSuperseded,
  wasReset,
  type SagaTemporal,
} from '@amends/client/internal';
import type { Outside } from './activities/saga-activities.ts';

/** What the engine needs done by a client of Temporal. */
export const throughTemporal = (
  client: SagaTemporal,
): Pick<
  Outside,
  'cancelWorkflow' | 'endOfSaga' | 'isSuperseded' | 'wasReset' | 'isStartedBy' | 'inputOf' | 'childrenOf'
> => ({
  cancelWorkflow: async (workflowId, runId) => {
    await client.workflow.getHandle(workflowId, runId).cancel();
  },
  endOfSaga: (saga) => endOfSaga(client, saga),
  isSuperseded: (workflowId, runId) => isSuperseded(client, workflowId, runId),
  wasReset: (workflowId, runId) => wasReset(client, workflowId, runId),
  isStartedBy: (saga) => isStartedBy(client, saga),
  inputOf: (id) => inputOf(client, id),
  childrenOf: (parent) => childrenOf(client, parent),
});
