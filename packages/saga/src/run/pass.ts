import type { CancellationScope } from '@temporalio/workflow';
import type { Cause } from '@amends/contracts';

/** A call of a step, as the flow makes it. */
export interface FlowCall {
  readonly name: string;
  readonly instance: string | null;
  readonly input: unknown;
}

/** Why a pass of the flow came to a halt, and on which side of the point of no return. */
export interface Halt {
  readonly cause: Cause;
  readonly pastPoint: boolean;
}

/** What a step sees of the pass of the flow that called it. */
export interface Pass {
  /** Stops the pass; the first cause stands. */
  readonly halt: (cause: Cause) => void;
  /** Says that the pivot is done: the pass is past the point of no return. */
  readonly goPast: () => void;
  /** Is cancelled when the pass halts before the point of no return. */
  readonly calls: CancellationScope;
  /** Is never cancelled. */
  readonly sheltered: CancellationScope;
  /** Waits for what is not waited for any more once the pass has halted. */
  readonly waiting: <T>(act: () => Promise<T>) => Promise<T>;
}
