import type { StopSignal } from './child.ts';
import type { ProcessIdentity } from './process-identity.ts';

/** The parts of a system in the order in which they end: who uses something ends before it does. */
export const STAGES = ['api', 'workers', 'services', 'servers', 'database'] as const;

export type Stage = (typeof STAGES)[number];

/** A process of a system, as the run file and the guard know it. */
export interface StagedProcess extends ProcessIdentity {
  readonly name: string;
  readonly stage: Stage;
  readonly stopSignal: StopSignal;
}
