import { sleep } from '@temporalio/workflow';
import type { Cause } from '@amends/contracts';
import type { SealedOperation } from '@amends/contracts/internal';
import { epoch, instant } from '../run/clock.ts';
import { endsBy } from '../run/ends-by.ts';
import { readInstance } from '../calls/idempotency-key.ts';
import type { Entry } from '../run/ledger.ts';
import { TAKES } from '../messages/parking.ts';
import { PointWitnesses } from './point-witnesses.ts';
import { participantsToSeal } from './participants-to-seal.ts';
import type { SagaRun } from '../run/saga-run.ts';
import { sealParticipant, type Sealed, type Sealing } from './seal-participant.ts';
import { settlePivot } from './settle-pivot.ts';
import { isCall } from '../author/steps.ts';
import { takeInChildren } from './take-in-children.ts';
import { HOLDS_UP_MS, Undos } from '../author/undos.ts';

/**
 * `forward`: the pivot turns out to be done; nothing is undone. `resolved`: the point of no return turns out to be passed, and an operator has
 * done the rest by hand.
 */
export type Recovered = 'forward' | 'undone' | 'resolved';

/**
 * Undoes everything, in S1's order: nothing of the flow is in flight any more; the pivot is settled; every participant that can have done
 * something is sealed; what they list and what the ledger holds is undone, last started first, semantic locks last of all (S5). Each answers for
 * itself: what cannot be sealed or undone parks, the others go on, and wait for it no longer than {@link HOLDS_UP_MS}. A recovery run, which
 * knows nothing of its own, seals all before it undoes any (S14); another waits for those that tell what it may not know ({@link PointWitnesses}).
 */
export const recoverBackward = async (run: SagaRun, cause: Cause): Promise<Recovered> => {
  run.cause ??= cause;
  run.recovering = true;
  run.changed();
  if (!run.recovers) await backwardIsOnRecord();

  const pivot = run.acts.pointDenied ? 'not-done' : await settlePivot(run);
  run.pivotFixed = true;
  if (pivot === 'done') return goForward(run);
  if (run.cancelledBeforeStart) await takeInChildren(run);

  const sealings = participantsToSeal(run, pivot).map((service) => sealParticipant(run, service));
  const unsealed = new Map(sealings.map((sealing) => [sealing.service, sealing.sealed]));
  const undos = new Undos(run);
  const witnesses = new PointWitnesses(run);

  let some = await sealedInTime(sealings);
  for (;;) {
    for (const { service, operations } of some) {
      unsealed.delete(service);
      for (const operation of operations) takeIn(run, service, operation);
    }
    const past = some.flatMap(({ operations }) => operations).find((operation) => isPastPoint(run, operation));
    if (past !== undefined && !run.acts.pointDenied && (await isDoneByHand(run, past.key))) {
      await Promise.all(sealings.map((sealing) => sealing.forget()));
      await undos.done();
      return 'resolved';
    }
    if (unsealed.size === 0 && run.recovers) await takeInUnlisted(run);
    const mayBegin = unsealed.size === 0 || !(run.recovers || (await witnesses.areMissedAmong(unsealed)));
    if (mayBegin) undos.begin(toUndo(run, undos, unsealed));
    if (unsealed.size === 0) break;
    some = [await Promise.race(unsealed.values())];
  }
  await undos.done();
  // what is left are locks
  undos.begin(lastStartedFirst(run, run.ledger.undischarged));
  await undos.done();
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

/** Those that are sealed when all have been tried, or when their time is over: what is undone together keeps its order. */
const sealedInTime = async (sealings: readonly Sealing[]): Promise<readonly Sealed[]> => {
  const due = epoch() + HOLDS_UP_MS;
  const sealed: Sealed[] = [];
  const all = Promise.all(
    sealings.map(async ({ tried }) => {
      const one = await tried;
      if (one !== null) sealed.push(one);
    }),
  );
  const slow = Promise.race(sealings.map((sealing) => sealing.slow));
  const atOnce = await Promise.race([all.then(() => true), slow.then(() => false)]);
  if (!atOnce) await endsBy(all, due, 'until all are sealed');
  return [...sealed];
};

/** What is done past the point of no return says that it was passed (S8). */
const isPastPoint = (run: SagaRun, { step, state }: SealedOperation): boolean =>
  state === 'done' && run.definition.steps[step]?.kind === 'retriable';

/**
 * A saga that is past its point, and sealed, can go neither way by itself: backward nothing may go any more, and forward nothing can.
 *
 * @returns whether an operator has done the rest by hand; else it is to be undone
 */
const isDoneByHand = async (run: SagaRun, key: string): Promise<boolean> => {
  const { phase } = run;
  run.phase = 'retriable';
  const error = `${key} is done, so the point of no return was passed: do the rest by hand and resolve this as done, or undo that step by hand and resolve this as not-done`;
  const act = await run.park('flow', error, 0, run.recovers ? TAKES.killedPast : TAKES.passed);
  if (act.action === 'resolve' && act.outcome !== 'not-done') {
    run.result = act.output ?? null;
    run.cause = null;
    return true;
  }
  run.phase = phase;
  run.acts.pointDenied = true;
  run.changed();
  return false;
};

/** An operation that this run knows nothing of is taken into its ledger. */
const takeIn = (run: SagaRun, service: string, { step, instance: listed, state, startedAt }: SealedOperation): void => {
  const { instance, keyNumber } = readInstance(listed);
  const known = run.ledger.find(step, instance);
  // of a step that was retried after a refusal only what was asked last can have happened
  if (state === 'blocked' || (known && (known.foundAt === null || known.keyNumber >= keyNumber))) return;
  const entry = known ?? run.ledger.open(step, instance, null, { at: service, startedAt });
  run.ledger.change(entry, {
    keyNumber,
    state: state === 'refused' ? 'refused' : state === 'done' ? 'done' : 'unknown',
  });
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

/** What is still to be undone and may be: its participant is sealed, and it is no lock. */
const toUndo = (run: SagaRun, undos: Undos, unsealed: ReadonlyMap<string, unknown>): readonly Entry[] => {
  const open = run.ledger.undischarged.filter((entry) => {
    const step = run.definition.steps[entry.name];
    const call = step && isCall(step) ? step : undefined;
    return !undos.has(entry) && call?.lock !== true && !unsealed.has(call?.service ?? entry.foundAt ?? '');
  });
  return lastStartedFirst(run, open);
};

/**
 * Last started first; what is known only from participants came in a lost task, so before all else, by the definition's order and then by
 * creation.
 */
const lastStartedFirst = (run: SagaRun, entries: readonly Entry[]): readonly Entry[] => {
  const names = Object.keys(run.definition.steps);
  const found = entries
    .filter(({ foundAt }) => foundAt !== null)
    .toSorted((a, b) => names.indexOf(a.name) - names.indexOf(b.name) || a.startedAt.localeCompare(b.startedAt));
  return [...entries.filter(({ foundAt }) => foundAt === null), ...found].toReversed();
};
