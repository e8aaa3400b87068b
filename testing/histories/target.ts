import { sagaId } from '../../packages/contracts/src/ids.ts';
import { isCall, type CallKind, type ChildStep, type Step } from '../../packages/saga/src/steps.ts';
import type { RehearsedCall } from '../rehearsal/rehearsed.ts';
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
  { definition, all }: Pick<RehearsedSaga, 'definition' | 'all'>,
  key: string,
  call: RehearsedCall,
  fits: (step: Step) => boolean = () => true,
): Promise<Target | undefined> => {
  const step = definition.steps[call.step];
  if (step === undefined) return undefined;
  if (isCall(step)) {
    return fits(step) ? { saga: definition.name, id: sagaId(definition.name, key), call, step } : undefined;
  }
  return step.kind === 'child' ? targetInChild(step, all, call, fits) : undefined;
};

const targetInChild = async (
  step: ChildStep,
  all: RehearsedSaga['all'],
  { input }: RehearsedCall,
  fits: (step: Step) => boolean,
): Promise<Target | undefined> => {
  const child = all[step.saga];
  if (child === undefined) return undefined;
  const inside = { definition: child.definition, all };
  const { calls } = await rehearse(child.definition, { input, usual: usualAnswer(inside, input) });
  for (const call of calls.toReversed()) {
    const target = await targetOf(inside, child.contract.key(input), call, fits);
    if (target !== undefined) return target;
  }
  return undefined;
};
