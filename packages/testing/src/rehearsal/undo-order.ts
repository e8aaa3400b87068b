import { isCall } from '@amends/saga/internal';
import type { Steps } from '@amends/saga';

/**
 * In which order what was called is undone (S5): last started first, at a participant that was sealed late after all others, and semantic locks
 * last of all.
 *
 * @param calls in the order of their starts
 */
export const undoOrder = <T extends { readonly step: string }>(
  steps: Steps,
  calls: readonly T[],
  late: string | null = null,
): T[] => {
  const turnOf = ({ step: name }: T): number => {
    const step = steps[name];
    if (step === undefined || !isCall(step)) return 0;
    if (step.lock) return 2;
    return step.service === late ? 1 : 0;
  };
  return calls.toReversed().toSorted((a, b) => turnOf(a) - turnOf(b));
};
