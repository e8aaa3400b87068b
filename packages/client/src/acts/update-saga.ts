import { randomUUID } from 'node:crypto';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common';
import type {
  ExpectedVersion,
  SagaRequest,
  SagaUpdate,
  UpdateGuards,
  UpdateRefusal,
  UpdateTaken,
} from '@amends/contracts/internal';
import type { SagaView } from '@amends/contracts';
import { fingerprint } from '@amends/runtime/internal';
import type { SagaTemporal } from '../known-sagas.ts';
import { bounded } from '../bounded.ts';
import { findSaga, isRecovery } from '../views/find-saga.ts';
import { noSuchSaga, refused, type Refused, type RefusedAs } from './refused.ts';
import { isUnavailable, Unavailable } from '@amends/contracts/internal';
import { viewFound } from '../views/view-saga.ts';

/** A living worker accepts or refuses within its workflow task timeout (5 s), also when the task before it was lost. */
const ACCEPT_DEADLINE_MS = 10_000;
/** An accepted cancel waits for a pivot in flight. */
const RESULT_DEADLINE_MS = 20_000;
/** A run that continues as new leaves its Updates to the next one, which cannot have filled up meanwhile. */
const RUNS_TRIED = 3;

const REFUSALS = {
  PastPivot: 'past-pivot',
  Closed: 'closed',
  Undoing: 'undoing',
  NotParked: 'not-parked',
  NotAllowed: 'not-allowed',
  NotWaiting: 'not-waiting',
  VersionMismatch: 'version-mismatch',
  NoSuchStep: 'not-found',
  Malformed: 'invalid',
} as const satisfies Record<UpdateRefusal, RefusedAs>;

/** With this the server answers for a run that has ended while it held an Update. */
const ENDED_WITH_UPDATE = 'AcceptedUpdateCompletedWorkflow';

export interface SagaUpdateCall {
  readonly id: string;
  readonly update: SagaUpdate;
  /** The same one acts once. */
  readonly updateId?: string | undefined;
  readonly request: SagaRequest;
  /** It is refused by the saga itself where it has changed since. */
  readonly expected?: ExpectedVersion | undefined;
}

/** What an Update has done: it was taken, and this is the saga now; or nothing, and why. */
export type Updated = { readonly view: SagaView } | Refused;

/**
 * Sends an Update to a saga, to its recovery run where it was killed. One that was sent before under the same id answers as it did then,
 * with the view of now; `key-mismatch` when that was another act. A run that ends by continuing as new while it is asked leaves the
 * Update to the next one (S18).
 *
 * The view is what the start tells, without steps and with a version below zero, when a worker has taken the Update and none
 * answers any more.
 *
 * @throws Unavailable when Temporal or a worker did not answer in time; the Update may still be taken: repeat it
 */
export const updateSaga = async (
  client: SagaTemporal,
  { updateId = randomUUID(), ...call }: SagaUpdateCall,
): Promise<Updated> => {
  for (let ended: string | undefined, runs = 1; runs <= RUNS_TRIED; runs++) {
    const run = (await findSaga(client, call.id))?.run;
    if (!run) return noSuchSaga(call.id);
    const hasNoSuccessor = ended !== undefined && (run.runId === ended || run.closeTime !== undefined);
    // a saga that is recovered undoes everything already, and ends as compensated
    if (hasNoSuccessor || (isRecovery(run) && call.update === 'cancel')) return refused('closed');
    const answer = await sendUpdate(client, run.workflowId, { ...call, updateId });
    if ('refused' in answer) return answer;
    if ('action' in answer) return isSameAct(answer, call) ? viewAfter(client, call) : otherAct(answer);
    ended = answer.endedRun ?? run.runId;
  }
  throw new Unavailable(`each run of the saga ended before it could answer the ${call.update}`);
};

/** Whether what was taken under an update id is what is asked for now. */
export const isSameAct = (taken: UpdateTaken, { update, request }: SagaUpdateCall): boolean =>
  taken.action === update && taken.step === subjectOf(request) && taken.asked === askedOf(request);

export const otherAct = ({ action, step }: UpdateTaken): Refused =>
  refused(
    'key-mismatch',
    `that key was taken for ${action}${step === null ? '' : ` of ${step}`}, or with another decision or input: take a new one`,
  );

/** A fingerprint of what is decided or given; the words of a reason decide nothing. */
const askedOf = (request: SagaRequest): string => fingerprint({ ...request, actor: undefined, reason: undefined });

/** What an act is about: a step, an approval, or the whole saga. */
const subjectOf = (request: SagaRequest): string | null => {
  if ('step' in request) return request.step;
  return 'name' in request ? request.name : null;
};

/** @throws Unavailable when Temporal does not answer: the Update was taken all the same */
export const viewAfter = async (client: SagaTemporal, { id, update }: SagaUpdateCall): Promise<Updated> => {
  try {
    const found = await findSaga(client, id);
    return found ? { view: (await viewFound(client, found)).view } : noSuchSaga(id);
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    throw new Unavailable(`the saga has taken the ${update}, but cannot be shown now: ${error.message}`, {
      cause: error,
    });
  }
};

interface EndedMeanwhile {
  /** Of an Update that had been accepted: by which run. */
  readonly endedRun: string | undefined;
}

const sendUpdate = async (
  client: SagaTemporal,
  workflowId: string,
  { update, updateId, request, expected }: SagaUpdateCall,
): Promise<UpdateTaken | Refused | EndedMeanwhile> => {
  let endedRun: string | undefined;
  try {
    const accepted = await bounded(client, ACCEPT_DEADLINE_MS, () =>
      client.workflow.getHandle(workflowId).startUpdate<UpdateTaken, [SagaRequest & UpdateGuards]>(update, {
        args: [{ ...request, asked: askedOf(request), ...(expected && { expected }) }],
        waitForStage: 'ACCEPTED',
        ...(updateId !== undefined && { updateId }),
      }),
    );
    endedRun = accepted.workflowRunId;
    return await bounded(client, RESULT_DEADLINE_MS, () => accepted.result());
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { endedRun };
    if (isUnavailable(error) && endedRun !== undefined) throw notDecided(update, error);
    const failure = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
    if (!(failure instanceof ApplicationFailure)) throw error;
    if (failure.type === ENDED_WITH_UPDATE) return { endedRun };
    return refusalOf(failure, update) ?? Promise.reject(error);
  }
};

/** A step that there is not is as good as one that is not parked. */
const refusalOf = ({ type, message }: ApplicationFailure, update: SagaUpdate): Refused | undefined => {
  if (!type || !Object.hasOwn(REFUSALS, type)) return undefined;
  const as = REFUSALS[type as UpdateRefusal];
  return refused(as === 'not-found' && update !== 'approve' ? 'not-parked' : as, message);
};

const notDecided = (update: SagaUpdate, cause: Unavailable): Unavailable => {
  const detail = `the saga has taken the ${update} and not answered it yet (a pivot in flight decides a cancel)`;
  return new Unavailable(`${detail}: asking again tells the outcome`, { cause });
};
