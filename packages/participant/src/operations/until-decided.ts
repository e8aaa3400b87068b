import { problem, type Answer } from './answer.ts';
import type { KnownRow } from './claim.ts';
import type { Passing } from '../crash-points.ts';
import { effectOf } from '../provider/external.ts';
import { finishOpen } from './finish-open.ts';
import type { Kit } from '../kit.ts';
import { takeOver } from './lease.ts';
import type { OperationRow } from './operation-table.ts';
import type { Refusal } from '../refusal.ts';

/** How far a request came by itself: to its answer, or to a row that is open at a provider; `held`: by this request. */
export type Asked = Answer | { readonly held: OperationRow } | { readonly open: KnownRow };

/** What a request answers once the open row that it met has come to its end. */
export interface Ends {
  /** `refusal`: the provider's no, of the action or of the undo. undefined: the request is to be asked again. */
  readonly row: (row: OperationRow, refusal: Refusal | undefined) => Answer | undefined;
  /** Nobody knows whether it happened, and it cannot be repeated. */
  readonly unknown: () => Answer;
}

/** An undo of an action that is open needs three: the action, its undo, and the answer. */
const MAX_ROUNDS = 4;

/**
 * Asks until there is an answer, and brings to its end what is open at a provider on the way (P12): what this request has opened,
 * or what somebody else has left; `in-flight` while that one has its lease.
 */
export const untilDecided = async (
  kit: Kit,
  at: Passing | undefined,
  ends: Ends,
  ask: () => Promise<Asked>,
): Promise<Answer> => {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const asked = await ask();
    if ('status' in asked) return asked;
    if ('open' in asked && !asked.open.lapsed) return problem('in-flight');
    const effect = effectOf(kit, 'open' in asked ? asked.open : asked.held);
    if ('open' in asked && effect.repeatable === false) return ends.unknown();
    const held = 'open' in asked ? await takeOver(kit, effect, asked.open.key) : asked.held;
    // somebody else was faster
    if (held === undefined) return problem('in-flight');
    const finished = await finishOpen(kit, effect, held, at);
    if (finished.is === 'later') return finished.answer;
    const answer = finished.is === 'unknown' ? ends.unknown() : ends.row(finished.row, finished.refusal);
    if (answer !== undefined) return answer;
  }
  return problem('in-flight');
};
