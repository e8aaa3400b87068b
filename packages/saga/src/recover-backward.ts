import { sleep } from '@temporalio/workflow';
import type { Cause } from '@amends/contracts';
import type { SealedOperation } from '@amends/contracts/internal';
import type { Entry } from './ledger.ts';
import type { SagaRun } from './saga-run.ts';
import { sealParticipant } from './seal-participant.ts';
import { pivotOf, settlePivot } from './settle-pivot.ts';
import { isCall } from './steps.ts';
import { takeInChildren } from './take-in-children.ts';
import { instant } from './clock.ts';
import { undoStep } from './undo-step.ts';

/** `forward`: the pivot, or a retriable step, turns out to be done; nothing is undone. */
export type Recovered = 'forward' | 'undone';

/**
 * Undoes everything, in S1's order: nothing of the flow is in flight any more; the pivot is settled; every participant of the
 * definition is sealed; what they list and what the ledger holds is undone, last started first (S5). Each answers for itself: what
 * cannot be undone parks, the others go on. A recovery run, which knows nothing of its own, seals all before it undoes any (S14).
 */
export const recoverBackward = async (run: SagaRun, cause: Cause): Promise<Recovered> => {
  run.cause ??= cause;
  run.recovering = true;
  run.changed();
  if (!run.recovers) await backwardIsOnRecord();

  const { pointDenied } = run.acts;
  const pivotDone = !pointDenied && (await settlePivot(run));
  run.pivotFixed = true;
  if (pivotDone) return goForward(run);

  const sealings = participantsOf(run).map((service) => sealParticipant(run, service));
  const tried = await Promise.all(sealings.map((sealing) => sealing.tried));
  const unsealed = new Map(sealings.map((sealing) => [sealing.service, sealing.sealed]));
  const undos: Promise<void>[] = [];

  let some = await Promise.all(sealings.filter((_, at) => tried[at]).map(({ sealed }) => sealed));
  for (;;) {
    if (!pointDenied && some.some(({ operations }) => pointIsPassed(run, operations))) {
      await Promise.all(sealings.map((sealing) => sealing.forget()));
      return goForward(run);
    }
    for (const { service, operations } of some) {
      unsealed.delete(service);
      for (const operation of operations) takeIn(run, service, operation);
    }
    if (![...unsealed.keys()].some((service) => run.recovers || tellsOfPoint(run, service))) {
      if (run.recovers) await takeInUnlisted(run);
      for (const entry of toUndo(run, unsealed)) undos.push((await undoStep(run, entry)).untilDone);
    }
    if (unsealed.size === 0) break;
    some = [await Promise.race(unsealed.values())];
  }
  await Promise.all(undos);
  return 'undone';
};

/**
 * That the saga goes backward, and why, is in its history when this resolves (S9, S13; decision 0028). Were the task lost in which it begins
 * to undo, the flow would begin again, find its own actions undone, and take that for a refusal: a cancel would be forgotten, and the cause
 * another one. A recovery run knows its cause from its start.
 */
const backwardIsOnRecord = (): Promise<void> => sleep(1, { summary: 'from here on it is undone' });

const goForward = (run: SagaRun): 'forward' => {
  run.recovering = false;
  run.cause = null;
  run.phase = 'retriable';
  run.changed();
  return 'forward';
};

/** In the definition's order. */
const participantsOf = (run: SagaRun): string[] => [
  ...new Set(
    Object.values(run.definition.steps).flatMap((step) =>
      isCall(step) && step.serviceKind === 'participant' ? [step.service] : [],
    ),
  ),
];

/** Without a pivot, a retriable operation that is done says that the point was passed (S8). */
const pointIsPassed = (run: SagaRun, operations: readonly SealedOperation[]): boolean =>
  operations.some(({ step, state }) => state === 'done' && run.definition.steps[step]?.kind === 'retriable');

/** Without a pivot, only a participant of a retriable step can say whether the point was passed: nothing is undone before it has. */
const tellsOfPoint = (run: SagaRun, service: string): boolean =>
  pivotOf(run.definition) === undefined &&
  Object.values(run.definition.steps).some((step) => step.kind === 'retriable' && step.service === service);

/** An operation that this run knows nothing of is taken into its ledger. */
const takeIn = (run: SagaRun, service: string, { step, instance, state, startedAt }: SealedOperation): void => {
  if (run.ledger.find(step, instance) !== undefined || state === 'blocked') return;
  const entry = run.ledger.open(step, instance, null, { at: service, startedAt });
  run.ledger.change(entry, { state: state === 'refused' ? 'refused' : state === 'done' ? 'done' : 'unknown' });
};

/**
 * What no participant can tell a recovery run: its children, and what outsiders did. Of an outsider's step nothing is known, so that a person
 * has to look: its undo parks.
 */
const takeInUnlisted = async (run: SagaRun): Promise<void> => {
  await takeInChildren(run);
  for (const [name, step] of Object.entries(run.definition.steps)) {
    if (!isCall(step) || step.serviceKind === 'participant' || step.undo === null) continue;
    if (run.ledger.find(name, null)) continue;
    const entry = run.ledger.open(name, null, null, { at: step.service, startedAt: instant(), isInputLost: true });
    run.ledger.change(entry, { state: 'unknown' });
  }
};

/**
 * What is still to be undone and may be: its participant is sealed. Last started first; what is known only from participants came
 * in a lost task, so before all else, by the definition's order and then by creation.
 */
const toUndo = (run: SagaRun, unsealed: ReadonlyMap<string, unknown>): readonly Entry[] => {
  const { steps } = run.definition;
  const definedAt = (name: string): number => Object.keys(steps).indexOf(name);
  const open = run.ledger.undischarged.filter(({ name, undo, foundAt }) => {
    const step = steps[name];
    return undo === null && !unsealed.has((step && isCall(step) ? step.service : foundAt) ?? '');
  });
  const found = open
    .filter(({ foundAt }) => foundAt !== null)
    .toSorted((a, b) => definedAt(a.name) - definedAt(b.name) || a.startedAt.localeCompare(b.startedAt));
  return [...open.filter(({ foundAt }) => foundAt === null), ...found].toReversed();
};
