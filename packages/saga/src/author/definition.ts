import type { SagaStart } from '@amends/contracts/internal';
import type { Carried } from '../run/carried.ts';
import type { Span } from './span.ts';
import type { Steps } from './steps.ts';

/** What a flow may know besides its input and its steps' answers. */
export interface SagaFacts<C extends string = string> {
  readonly id: string;
  /** RFC 3339; the only time a saga knows (S19). */
  readonly startedAt: string;
  /** Ends the saga by undoing everything: `throw saga.refuse('return-denied', 'the shop said no')`. */
  readonly refuse: (code: C, message?: string) => Error;
}

/** A saga as data and as the function that is its flow. */
export interface Definition {
  readonly name: string;
  readonly deadline: Span | null;
  readonly steps: Steps;
  readonly flow: (input: unknown, step: unknown, saga: SagaFacts) => Promise<unknown>;
}

/** What `workflows/index.ts` exports: the Temporal workflow, with its definition for whoever reads it. */
export interface SagaWorkflow<N extends string, In, Out, S extends Steps> {
  (input: In, start?: SagaStart, carried?: Carried): Promise<Out>;
  readonly definition: Definition & { readonly name: N; readonly steps: S };
}
