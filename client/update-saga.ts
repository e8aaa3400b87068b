import { type Client, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common';
import type { CancelRequest, RetryRequest, SagaUpdate, UpdateRefusal } from '../contracts/saga-messages.ts';
import { SagaView } from '../contracts/saga-view.ts';
import { bounded } from './bounded.ts';
import { findSaga } from './find-saga.ts';
import { isUnavailable, Unavailable } from './unavailable.ts';
import { viewSaga } from './view-saga.ts';

/** A living worker accepts or refuses within its workflow task timeout (5 s), also when the task before it was lost. */
const ACCEPT_DEADLINE_MS = 10_000;
/** An accepted cancel waits for a pivot in flight. */
const RESULT_DEADLINE_MS = 20_000;

/** A saga that ends while it holds an Update answers it with a failure of the SDK's own type. */
const REFUSALS = {
  AcceptedUpdateCompletedWorkflow: 'closed',
  PastPivot: 'past-pivot',
  Closed: 'closed',
  NotParked: 'not-parked',
} as const satisfies Record<UpdateRefusal | 'AcceptedUpdateCompletedWorkflow', string>;
type Refused = (typeof REFUSALS)[UpdateRefusal] | 'other-step';

interface SagaUpdateCall {
  readonly id: string;
  readonly update: SagaUpdate;
  readonly updateId?: string;
  readonly request: CancelRequest | RetryRequest;
}

/**
 * Sends an Update to a saga; one that was sent before under the same id answers as it did then, with the view of now, or
 * `other-step` when it was of another step.
 *
 * @throws Unavailable when Temporal or a worker did not answer in time; the Update may still be taken: repeat it
 */
export const updateSaga = async (client: Client, call: SagaUpdateCall): Promise<SagaView | Refused | 'unknown'> => {
  const run = await findSaga(client, call.id);
  if (!run) return 'unknown';
  try {
    const answer = await sendUpdate(client, call);
    if ('step' in call.request && answer.audit.at(-1)?.step !== call.request.step) return 'other-step';
    return (await viewSaga(client, call.id).catch(ignoreUnavailable)) ?? answer;
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal) return refusal;
    if (error instanceof WorkflowNotFoundError) return 'closed';
    throw error;
  }
};

const sendUpdate = async (client: Client, { id, update, updateId, request }: SagaUpdateCall): Promise<SagaView> => {
  const accepted = await bounded(client, ACCEPT_DEADLINE_MS, () =>
    client.workflow.getHandle(id).startUpdate<unknown, [CancelRequest | RetryRequest]>(update, {
      args: [request],
      waitForStage: 'ACCEPTED',
      ...(updateId !== undefined && { updateId }),
    }),
  );
  try {
    return SagaView.parse(await bounded(client, RESULT_DEADLINE_MS, () => accepted.result()));
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    const detail = `the saga has taken the ${update} and not answered it yet (a pivot in flight decides a cancel)`;
    throw new Unavailable(`${detail}: asking again tells the outcome`, { cause: error });
  }
};

const refusalOf = (error: unknown): Refused | undefined => {
  if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure)) return undefined;
  const { type } = error.cause;
  return type && Object.hasOwn(REFUSALS, type) ? REFUSALS[type as keyof typeof REFUSALS] : undefined;
};

const ignoreUnavailable = (error: unknown): undefined => {
  if (!isUnavailable(error)) throw error;
};
