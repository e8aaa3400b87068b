import type { Carried } from './carried.ts';
import { BLANK, type Entry, type KeptEntry } from './ledger.ts';
import type { SagaRun } from './saga-run.ts';

/**
 * The input of a step is needed only where its undo is made of it; its output there, and where the flow runs again: never once an undo is
 * done. What an entry has in common with one that has just been opened is left out.
 */
export const carriedOf = (run: SagaRun): Carried => ({
  entries: entriesOf(run),
  answers: run.answers.kept,
  audit: run.audit,
  phase: run.phase,
  cause: run.cause,
  recovering: run.recovering,
  acts: run.acts.kept,
  parkings: run.parkings,
  version: run.version,
});

const entriesOf = (run: SagaRun): KeptEntry[] => {
  const { entries } = run.ledger;
  // from the first undo on there is no way forward any more
  const isUndone = run.recovering && entries.some(({ discharge }) => discharge === 'compensated');
  return entries.map((one) => {
    const { id: _, input, output, ...entry } = one;
    const step = run.definition.steps[entry.name];
    const undo = step !== undefined && 'undo' in step ? step.undo : null;
    const isMadeOf = typeof undo === 'object' && undo !== null && entry.discharge === null;
    return withoutBlanks({
      ...entry,
      input: isMadeOf ? input : undefined,
      output: isMadeOf || !isUndone ? output : undefined,
      // one that is not done yet is asked for anew
      undo: entry.discharge === null ? null : entry.undo,
    });
  });
};

const withoutBlanks = (entry: Omit<Entry, 'id'>): KeptEntry => {
  const kept = Object.entries(entry).filter(([name, value]) => value !== BLANK[name as keyof typeof BLANK]);
  return Object.fromEntries(kept) as unknown as KeptEntry;
};
