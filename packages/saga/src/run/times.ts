import type { SagaTimes } from '@amends/contracts/internal';
import type { Definition } from '../author/definition.ts';
import { milliseconds, type Span } from '../author/span.ts';
import { isCall, type CallStep } from '../author/steps.ts';

const ATTEMPT: Span = '5 seconds';
const BUDGET: Span = '60 seconds';
const UNDO_BUDGET: Span = '10 minutes';

/** How long one call may take, in milliseconds: one attempt, and all of them with the waiting between. */
export interface CallTimes {
  readonly attempt: number;
  readonly budget: number;
}

/** The times of a saga: the definition's, then the defaults, overridden by what its start fixed. */
export const timesOf = ({ deadline, steps }: Definition, overrides: SagaTimes) => {
  const override = (name: string) => ({ ...overrides.steps['*'], ...overrides.steps[name] });
  const call = (name: string): Partial<CallStep> => {
    const step = steps[name];
    return step !== undefined && isCall(step) ? step : {};
  };
  const attempt = (name: string): number => override(name).attempt ?? milliseconds(call(name).attempt ?? ATTEMPT);
  return {
    deadline: overrides.deadline ?? (deadline === null ? null : milliseconds(deadline)),
    action: (name: string): CallTimes => ({
      attempt: attempt(name),
      budget: override(name).budget ?? milliseconds(call(name).budget ?? BUDGET),
    }),
    /** Of an undo, a settle or a seal; a seal concerns no step. */
    undo: (name: string): CallTimes => ({
      attempt: attempt(name),
      budget: override(name).undoBudget ?? milliseconds(call(name).undoBudget ?? UNDO_BUDGET),
    }),
    /** How long a wait lasts, from when it first began. */
    within: (name: string, span: Span): number => override(name).within ?? milliseconds(span),
  };
};
export type Times = ReturnType<typeof timesOf>;
