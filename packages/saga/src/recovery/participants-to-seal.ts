import type { SagaRun } from '../run/saga-run.ts';
import type { PivotFound } from './settle-pivot.ts';
import { isCall } from '../author/steps.ts';

/**
 * The participants that can have done something, in the definition's order: all that the definition names, for a task that was lost may have
 * asked any of them, and the run would not know (S1).
 *
 * Past the pivot none was asked when the pivot's own participant says that it was never done, and never will be: who has no compensable step
 * has done nothing then. A recovery run seals all the same whom it can (S14).
 */
export const participantsToSeal = ({ definition, recovers }: SagaRun, pivot: PivotFound): readonly string[] => {
  const calls = Object.values(definition.steps)
    .filter(isCall)
    .filter(({ serviceKind }) => serviceKind === 'participant');
  const concerned = pivot === 'never-done' && !recovers ? calls.filter(({ kind }) => kind === 'compensable') : calls;
  return [...new Set(concerned.map(({ service }) => service))];
};
