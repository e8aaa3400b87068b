import type { DeadLetterReason } from '../contracts/streams.ts';
import { PROBLEM_PREFIX } from '../contracts/problems.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { KnownEvent } from './known-event.ts';
import type { Verdict } from './verdict.ts';

/** The consumer's handler for triggers: acknowledged only when Temporal has it durably (E2), else it comes again. */
export const takeEvent =
  ({ dispatcher }: { dispatcher: Dispatcher }) =>
  async (event: KnownEvent): Promise<Verdict> => {
    const { outcome, problem } = await dispatcher.dispatch(event);
    if (outcome === 'unavailable') throw new Error(problem?.detail ?? outcome);
    if (outcome !== 'invalid' && outcome !== 'conflict') return 'taken';
    return { dead: reasonOf(problem?.type), detail: problem?.detail ?? outcome };
  };

const REASONS: readonly DeadLetterReason[] = ['conflict', 'too-large'];

const reasonOf = (problemType: string | undefined): DeadLetterReason =>
  REASONS.find((reason) => problemType === `${PROBLEM_PREFIX}${reason}`) ?? 'invalid';
