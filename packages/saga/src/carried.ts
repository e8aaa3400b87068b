import type { Cause } from '@amends/contracts';
import type { AuditEntry, SagaPhase } from '@amends/contracts/internal';
import type { KeptActs } from './operator-decisions.ts';
import type { KeptAnswers } from './answers.ts';
import type { Entry } from './ledger.ts';
import type { SagaRun } from './saga-run.ts';

/** What a saga that continues as new takes along (S18): the third argument of its workflow. Who is parked parks again. */
export interface Carried {
  readonly entries: readonly Entry[];
  readonly answers: KeptAnswers;
  readonly audit: readonly AuditEntry[];
  readonly phase: SagaPhase;
  readonly cause: Cause | null;
  readonly recovering: boolean;
  readonly acts: KeptActs;
  readonly parkings: number;
  readonly version: number;
}

/** The input of a step is needed only where its undo is made of it. */
export const carriedOf = (run: SagaRun): Carried => ({
  entries: run.ledger.entries.map(({ input, ...entry }) => {
    const step = run.definition.steps[entry.name];
    const undo = step !== undefined && 'undo' in step ? step.undo : null;
    return {
      ...entry,
      input: typeof undo === 'object' && undo !== null ? input : undefined,
      // one that is not done yet is asked for anew
      undo: entry.discharge === null ? null : entry.undo,
    };
  }),
  answers: run.answers.kept,
  audit: run.audit,
  phase: run.phase,
  cause: run.cause,
  recovering: run.recovering,
  acts: run.acts.kept,
  parkings: run.parkings,
  version: run.version,
});
