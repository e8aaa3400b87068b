import { Context } from '@temporalio/activity';
import type { SagaEventToPublish } from '../contracts/service-call.ts';

/** What the engine itself needs done outside of the workflow, beside calling services. */
export interface Outside {
  /** Hands an event to the broker; resolves when the broker has it. */
  readonly publish: (event: SagaEventToPublish) => Promise<void>;
  /** Sends Temporal's own cancel to a workflow. */
  readonly cancelWorkflow: (workflowId: string, runId: string) => Promise<void>;
}

/** The activities of the sagas' own task queue; both may run twice and harm nobody. */
export const sagaActivities = ({ publish, cancelWorkflow }: Outside) => ({
  publishSagaEvent: (event: SagaEventToPublish): Promise<void> => publish(event),

  /** A workflow can close as Cancelled only after a cancel has reached it (S16): the saga asks for its own. */
  requestCancel: (): Promise<void> => {
    const { workflowExecution } = Context.current().info;
    if (workflowExecution === undefined) throw new Error('requestCancel runs in a saga only');
    return cancelWorkflow(workflowExecution.workflowId, workflowExecution.runId);
  },
});
