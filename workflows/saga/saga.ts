import type { SagaStart } from '../../contracts/saga-start.ts';
import type { SagaCode, SagaInput, SagaName, SagaResult } from './contract.ts';
import type { Carried } from './carried.ts';
import { runSaga } from './run-saga.ts';
import type { Span } from './span.ts';
import type { Before, NoReservedName, OnePivot } from './step-calls.ts';
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
export interface SagaWorkflow<N extends SagaName, S extends Steps> {
  (input: SagaInput<N>, start?: SagaStart, carried?: Carried): Promise<SagaResult<N>>;
  readonly definition: Definition & { readonly name: N; readonly steps: S };
}

/**
 * Declares a saga of the contracts: its steps as data, its flow as plain code that uses nothing but its three arguments.
 *
 * @param deadline soft: past it, and before the point of no return, everything is undone (S10); none by default
 */
export const saga = <N extends SagaName, const S extends Steps>(
  name: N,
  { deadline = null, steps }: { deadline?: Span | null; steps: S & OnePivot<S> & NoReservedName<S> },
  flow: (input: SagaInput<N>, step: Before<S>, saga: SagaFacts<SagaCode<N>>) => Promise<SagaResult<N>>,
): SagaWorkflow<N, S> => {
  const definition = { name, deadline, steps, flow } as unknown as SagaWorkflow<N, S>['definition'];
  const workflow = (input: SagaInput<N>, start?: SagaStart, carried?: Carried) =>
    runSaga(definition, input, start, carried) as Promise<SagaResult<N>>;
  return Object.assign(workflow, { definition });
};
