import type { DeadLetterReason } from '../contracts/streams.ts';
import { PROBLEM_PREFIX } from '../contracts/problems.ts';
import type { Log } from '../platform/log.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { KnownEvent } from './known-event.ts';
import type { Delivery, Verdict } from './verdict.ts';

/** How long a cancel or signal waits for a saga that it overtook; then there will be none, and it is taken as late. */
const EARLY_MS = 24 * 60 * 60 * 1_000;

/** The consumer's handler for triggers: acknowledged only when Temporal has it durably (E2), else it comes again. */
export const takeEvent =
  ({ dispatcher, log }: { dispatcher: Dispatcher; log: Log }, earlyMs = EARLY_MS) =>
  async (event: KnownEvent, { publishedAt }: Delivery): Promise<Verdict> => {
    const { outcome, problem, early } = await dispatcher.dispatch(event);
    if (outcome === 'invalid' || outcome === 'conflict') {
      return { dead: reasonOf(problem?.type), detail: problem?.detail ?? outcome };
    }
    if (outcome !== 'unavailable') return 'taken';
    const waitedMs = Date.now() - publishedAt.getTime();
    if (!early || waitedMs < earlyMs) throw new Error(problem?.detail ?? outcome);
    log.warn(
      { outcome: 'late', type: event.type, event: event.id, waitedMs },
      'it came before its saga, which never did',
    );
    return 'taken';
  };

const REASONS: readonly DeadLetterReason[] = ['conflict', 'too-large'];

const reasonOf = (problemType: string | undefined): DeadLetterReason =>
  REASONS.find((reason) => problemType === `${PROBLEM_PREFIX}${reason}`) ?? 'invalid';
