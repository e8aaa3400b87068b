import type { SagaTimes } from '../../contracts/saga-start.ts';
import type { Definition } from './saga.ts';
import { milliseconds, type Span } from './span.ts';

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
  const override = (step: string) => ({ ...overrides.steps['*'], ...overrides.steps[step] });
  const attempt = (step: string): number => override(step).attempt ?? milliseconds(steps[step]?.attempt ?? ATTEMPT);
  return {
    deadline: overrides.deadline ?? (deadline === null ? null : milliseconds(deadline)),
    action: (step: string): CallTimes => ({
      attempt: attempt(step),
      budget: override(step).budget ?? milliseconds(steps[step]?.budget ?? BUDGET),
    }),
    /** Of an undo, a settle or a seal; a seal concerns no step. */
    undo: (step: string): CallTimes => ({
      attempt: attempt(step),
      budget: override(step).undoBudget ?? milliseconds(steps[step]?.undoBudget ?? UNDO_BUDGET),
    }),
  };
};
export type Times = ReturnType<typeof timesOf>;
