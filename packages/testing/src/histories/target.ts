import { sagaId } from '@amends/contracts';
import { type ChildStep, isCall } from '@amends/saga/internal';
import type { CallKind, Step } from '@amends/saga';
import type { RehearsedCall } from '../rehearsal/rehearsed.ts';
import type { Application } from '../rehearsal/application.ts';
import { rehearse } from '../rehearsal/rehearse.ts';
import type { RehearsedSaga } from '../rehearsal/rehearsed-saga.ts';
import { usualAnswer } from '../rehearsal/usual-answer.ts';

/** The request by which a call can be struck: a child is struck at a call of its own. */
export interface Target {
  /** The saga that sends it. */
  readonly saga: string;
  readonly id: string;
  readonly call: RehearsedCall;
  readonly step: Step<CallKind>;
}

/** @param fits which call of a child will do; the last of them is taken. @returns undefined where nothing is sent that fits */
export const targetOf = async (
  { definition, app }: Pick<RehearsedSaga, 'definition' | 'app'>,
  key: string,
  call: RehearsedCall,
  fits: (step: Step) => boolean = () => true,
): Promise<Target | undefined> => {
  const step = definition.steps[call.step];
  if (step === undefined) return undefined;
  if (isCall(step)) {
    return fits(step) ? { saga: definition.name, id: sagaId(definition.name, key), call, step } : undefined;
  }
  return step.kind === 'child' ? targetInChild(step, app, call, fits) : undefined;
};

const targetInChild = async (
  step: ChildStep,
  app: Application,
  { input }: RehearsedCall,
  fits: (step: Step) => boolean,
): Promise<Target | undefined> => {
  const child = app.sagas[step.saga];
  if (child === undefined) return undefined;
  const inside = { definition: child.definition, app };
  const { calls } = await rehearse(child.definition, { input, usual: usualAnswer(inside, input) });
  for (const call of calls.toReversed()) {
    const target = await targetOf(inside, child.contract.key(input), call, fits);
    if (target !== undefined) return target;
  }
  return undefined;
};
