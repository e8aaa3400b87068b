import type { DeadLetterReason } from '@amends/contracts/internal';
import { PROBLEM_PREFIX } from '@amends/contracts/internal';
import type { Dispatcher } from './dispatch.ts';
import type { CountEvent } from './event-counts.ts';
import type { KnownEvent } from './known-event.ts';
import type { Delivery, KeepLate, Verdict } from '../broker/verdict.ts';

/**
 * The consumer's handler for triggers: acknowledged only when Temporal has it durably (E2), or the broker as a late one (E4); else it comes
 * again. What goes to the dead letters the consumer counts.
 */
export const takeEvent =
  ({ dispatcher, count }: { dispatcher: Dispatcher; count: CountEvent }) =>
  async (event: KnownEvent, { original, at }: Delivery, keepLate: KeepLate): Promise<Verdict> => {
    const { outcome, problem, late } = await dispatcher.dispatch(event, { original, at });
    if (outcome === 'invalid' || outcome === 'conflict') {
      return { dead: reasonOf(problem?.type), detail: problem?.detail ?? outcome };
    }
    if (late) {
      await keepLate(late).catch((error: unknown) => {
        count(event.type, 'unavailable');
        throw error;
      });
    }
    count(event.type, outcome);
    if (outcome === 'unavailable') throw new Error(problem?.detail ?? outcome);
    return 'taken';
  };

const REASONS: readonly DeadLetterReason[] = ['conflict', 'too-large'];

const reasonOf = (problemType: string | undefined): DeadLetterReason =>
  REASONS.find((reason) => problemType === `${PROBLEM_PREFIX}${reason}`) ?? 'invalid';
