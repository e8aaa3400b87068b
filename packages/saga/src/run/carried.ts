import type { Cause } from '@amends/contracts';
import type { AuditEntry, SagaPhase } from '@amends/contracts/internal';
import type { KeptActs } from '../messages/operator-decisions.ts';
import type { KeptAnswers } from '../messages/answers.ts';
import type { KeptEntry } from './ledger.ts';

/** What a saga that continues as new takes along (S18): the third argument of its workflow. Who is parked parks again. */
export interface Carried {
  readonly entries: readonly KeptEntry[];
  readonly answers: KeptAnswers;
  readonly audit: readonly AuditEntry[];
  readonly phase: SagaPhase;
  readonly cause: Cause | null;
  readonly recovering: boolean;
  readonly acts: KeptActs;
  readonly parkings: number;
  readonly version: number;
}
