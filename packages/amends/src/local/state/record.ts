import type { Report } from '../processes/report.ts';
import { updateRun, type Run } from './run-file.ts';

/** What a start writes down about itself while it runs. */
export interface RunRecord {
  /** Now, or, where that cannot be, as soon as it can: a full disk ends no system. */
  readonly write: (run: Run) => void;
  /** Tries once more what could not be written. */
  readonly again: () => void;
}

export const createRecord = (state: string, report: Report): RunRecord => {
  let unwritten: Run | undefined;
  const write = (run: Run): void => {
    try {
      updateRun(state, run);
      if (unwritten !== undefined) report('The run file is written again.');
      unwritten = undefined;
    } catch (error) {
      if (unwritten === undefined) {
        report(
          `The run file in ${state} cannot be written (${(error as Error).message}). The system goes on; it is tried again.`,
        );
      }
      unwritten = run;
    }
  };
  return { write, again: () => unwritten && write(unwritten) };
};
