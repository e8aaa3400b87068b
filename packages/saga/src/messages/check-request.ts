import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import type {
  ApproveRequest,
  CancelRequest,
  ExpectedVersion,
  ResolveRequest,
  UpdateGuards,
  UpdateRefusal,
  CancelLate,
} from '@amends/contracts/internal';
import type { Act } from './parking.ts';
import { RESULT_MAX_BYTES, tooLarge } from '../calls/payload-limit.ts';
import type { SagaRun } from '../run/saga-run.ts';
import { cancelRefused, REASON_MAX_CHARS, type Stopping } from './take-cancel.ts';
import { isPlain, PLAIN, sayable } from '@amends/contracts/protocol';

const ACTOR_MAX_CHARS = 200;

/** A person may send an Update by hand: whatever it says is not to be trusted, and may be missing altogether. */
type Untrusted<R> = { readonly [K in keyof R]?: unknown } | undefined;

const refusal = (type: UpdateRefusal, message: string): ApplicationFailure =>
  ApplicationFailure.nonRetryable(sayable(message), type);

/** A reason is needed; an actor, where there is one, is a name. An argument that is none would fail the workflow task. */
const checkForm = (request: Untrusted<CancelRequest>): void => {
  const { reason, actor } = request ?? {};
  if (typeof reason !== 'string' || reason === '') throw refusal('Malformed', 'a reason is needed');
  if (reason.length > REASON_MAX_CHARS) throw refusal('Malformed', `the reason is over ${REASON_MAX_CHARS} characters`);
  if (!isPlain(reason)) throw refusal('Malformed', `the reason ${PLAIN}`);
  if (actor !== undefined && (typeof actor !== 'string' || actor.length > ACTOR_MAX_CHARS || !isPlain(actor))) {
    throw refusal('Malformed', 'the actor is no name');
  }
};

/** Of an act that is for one version: the saga is still at it. */
const checkVersion = (run: SagaRun, request: Untrusted<UpdateGuards>): void => {
  if (request?.expected === undefined) return;
  const expected: Partial<ExpectedVersion> | null = request.expected;
  if (expected?.run !== workflowInfo().runId || expected.version !== run.version) {
    throw refusal('VersionMismatch', 'the saga has changed since it was read');
  }
};

/** Refused past the point of no return, while the saga is undone for another cause, and once it is about to end (S9). */
export const checkCancel = (run: SagaRun, request: Untrusted<CancelRequest>, stopping: Stopping): void => {
  checkForm(request);
  const why = cancelRefused(run, stopping);
  if (why !== null) throw cancelRefusal(why, stopping);
};

export const cancelRefusal = (why: CancelLate, { stopped }: Stopping): ApplicationFailure => {
  if (why === 'past-pivot') return refusal('PastPivot', 'the saga is past its point of no return');
  if (why === 'closed') return refusal('Closed', 'the saga has ended');
  const { step, outcome, code, message } = stopped() ?? {};
  return refusal('Undoing', `the saga is being undone already: ${step ?? 'saga'} ${outcome} (${code}): ${message}`);
};

/** Nobody can decide about what is not there (E4). */
const NOT_BEGUN = 'the saga has not begun: what starts it has not come yet';

/** An operator's act is taken where its step is parked and takes it (S6). */
export const checkAct = (
  run: SagaRun,
  action: Act['action'],
  request: Untrusted<ResolveRequest & UpdateGuards & { input: unknown }>,
): void => {
  checkForm(request);
  checkVersion(run, request);
  const { step, input, output, outcome } = request ?? {};
  if (typeof step !== 'string') throw refusal('Malformed', 'which step is not said');
  const parked = run.findParked(step);
  if (parked === undefined) throw refusal('NotParked', run.begun ? `${step} is not parked` : NOT_BEGUN);
  const { takes } = parked;
  if (action === 'retry' && !takes.retry) {
    throw refusal('NotAllowed', `a retry of ${step} is vain (${parked.error}): resolve it`);
  }
  if (action === 'skip' && !takes.skip) throw refusal('NotAllowed', `${step} cannot be skipped: resolve it`);
  if (input !== undefined && !takes.input) throw refusal('NotAllowed', `${step} takes no corrected input`);
  if (input !== undefined && !isObject(input)) throw refusal('Malformed', 'the corrected input is no object');
  const isOutcome =
    outcome === 'done' || outcome === 'not-done' || (outcome === undefined && takes.outcome === 'optional');
  if (action === 'resolve' && takes.outcome !== 'none' && !isOutcome) {
    throw refusal('Malformed', `${step}: an outcome is needed, done or not-done`);
  }
  if (action === 'resolve' && takes.outcome === 'none' && outcome !== undefined) {
    throw refusal('NotAllowed', `${step} takes no outcome: it is not the pivot`);
  }
  const size = tooLarge(input) ?? tooLarge(output, RESULT_MAX_BYTES);
  if (size !== null) throw refusal('Malformed', `it is too large: ${size}`);
};

/** An approval is answered once, also before the saga waits for it (S11). */
export const checkApproval = (run: SagaRun, request: Untrusted<ApproveRequest & UpdateGuards>): void => {
  checkForm(request);
  checkVersion(run, request);
  const { name, decision } = request ?? {};
  if (decision !== 'approved' && decision !== 'denied') {
    throw refusal('Malformed', 'the decision is neither approved nor denied');
  }
  if (typeof name !== 'string' || run.definition.steps[name]?.kind !== 'approval') {
    throw refusal('NoSuchStep', `there is no approval ${String(name)}`);
  }
  if (!run.begun) throw refusal('NotWaiting', NOT_BEGUN);
  const answered = run.answers.wasGiven(name) || run.answers.hasCome(`approval ${name}`);
  if (answered || run.recovering || run.closing) throw refusal('NotWaiting', `${name} is not waited for any more`);
};

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
