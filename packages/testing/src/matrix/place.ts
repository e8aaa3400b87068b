import type { Step } from '@amends/saga';
import { isCall } from '@amends/saga/internal';
import { rehearse } from '../rehearsal/rehearse.ts';
import type { Rehearsal, RehearsedCall } from '../rehearsal/rehearsed.ts';
import type { RehearsedSaga } from '../rehearsal/rehearsed-saga.ts';
import { usualAnswer } from '../rehearsal/usual-answer.ts';

/** One call of one step on one path of a saga: where a fault is to strike. */
export interface Place {
  readonly saga: RehearsedSaga;
  readonly path: string;
  readonly call: RehearsedCall;
  readonly step: Step;
  /** The whole path, when nothing befalls it. */
  readonly straight: Rehearsal;
  readonly seed: number;
}

/** The request that stands for a place: the step's own, or, of a child, the first of the child. `step` as in the key. */
export interface Target {
  readonly service: string;
  readonly step: string;
  /** The child whose request it is; null: the saga's own. */
  readonly child: { readonly saga: string; readonly step: string } | null;
}

/** Null for a wait, which asks nobody. */
export const targetOf = async ({ saga, call, step }: Place): Promise<Target | null> => {
  if (isCall(step)) return { service: step.service, step: call.id, child: null };
  if (step.kind !== 'child') return null;
  return firstOf(saga, step.saga, call.input);
};

/** The first request that a saga sends which another one starts. */
export const firstOf = async ({ app }: RehearsedSaga, name: string, input: unknown): Promise<Target | null> => {
  const child = app.sagas[name];
  if (child === undefined) return null;
  const usual = usualAnswer({ definition: child.definition, app }, input);
  const [first] = (await rehearse(child.definition, { input, usual })).calls;
  const step = first && child.definition.steps[first.step];
  if (first === undefined || step === undefined || !isCall(step)) return null;
  return { service: step.service, step: first.id, child: { saga: name, step: first.step } };
};

/** The times of one step, of the saga or of the child that the target is in. */
export const timesAt = (
  { child, step }: Target,
  times: { readonly attempt?: number; readonly budget?: number; readonly undoBudget?: number },
) =>
  child === null
    ? { steps: { [step.split(':')[0] ?? step]: times } }
    : { children: { [child.saga]: { [child.step]: times } } };
