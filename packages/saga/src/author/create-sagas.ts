import type { App } from '@amends/contracts';
import type { SagaStart } from '@amends/contracts/internal';
import type { Carried } from '../run/carried.ts';
import { childSaga, type ChildOptions, type ChildUndoing, type EachOf, type Expected } from './child-step.ts';
import type { EventData, EventType, SagaCode, SagaInput, SagaName, SagaResult } from './contract.ts';
import type { SagaFacts, SagaWorkflow } from './definition.ts';
import { ports, type Ports, type RepeatablesOf } from './ports.ts';
import { runSaga } from '../run/run-saga.ts';
import type { Span } from './span.ts';
import type { Before, Checked } from './step-calls.ts';
import type { Step, Steps } from './steps.ts';
import { event } from './wait-steps.ts';

/** What an author of sagas writes with, typed by the contracts of one application. */
export interface Sagas<A extends App> {
  /**
   * Declares a saga of the contracts: its steps as data, its flow as plain code that uses nothing but its three arguments.
   *
   * `deadline`: soft; past it, and before the point of no return, everything is undone (S10); none by default.
   */
  readonly saga: <N extends SagaName<A>, const S extends Steps>(
    name: N,
    spec: { readonly deadline?: Span | null; readonly steps: Checked<S> },
    flow: (input: SagaInput<A, N>, step: Before<S>, saga: SagaFacts<SagaCode<A, N>>) => Promise<SagaResult<A, N>>,
  ) => SagaWorkflow<N, SagaInput<A, N>, SagaResult<A, N>, S>;
  /** Waits for an event of the saga's key, up to `within` from the first wait; `undefined` when none came. One that came early is kept. */
  readonly event: <E extends EventType<A>>(
    type: E,
    options: { readonly within: Span },
  ) => Step<'event', void, EventData<A, E> | undefined, undefined>;
  /**
   * Another saga as a step: it is done when the child completes, and refused when the child has undone itself. Undoing it, once it
   * has completed, is another saga; `result` is undefined when nobody knows how the child ended.
   */
  readonly childSaga: <N extends SagaName<A>, U extends SagaName<A>, const O extends ChildOptions<A, N>>(
    saga: N,
    options: O & ChildUndoing<A, N, U>,
  ) => Step<'child', SagaInput<A, N>, SagaResult<A, N> | Expected<O>, EachOf<O>>;
  /** The participants, by name, each with its actions. Only their types come into the workflow bundle. */
  readonly services: Ports<A['services'], 'participant'>;
  /** The services that are no participants, by name. */
  readonly outsiders: Ports<A['services'], 'outside'>;
}

/**
 * `createSagas<typeof app>()`: what a saga of that application is written with. Nothing of the contracts but their types is used, so that the
 * outsiders' actions that are `repeatable` are said again: `createSagas<typeof app>({ loyalty: { setLevel: true } })`.
 */
export const createSagas = <A extends App>(...[repeatable]: RepeatablesOf<A['services']>): Sagas<A> => ({
  saga: (name, { deadline = null, steps }, flow) => {
    type Workflow = SagaWorkflow<typeof name, SagaInput<A, typeof name>, SagaResult<A, typeof name>, never>;
    const definition = { name, deadline, steps, flow } as unknown as Workflow['definition'];
    const workflow = (input: unknown, start?: SagaStart, carried?: Carried) =>
      runSaga(definition, input, start, carried);
    return Object.assign(workflow, { definition }) as never;
  },
  event,
  childSaga,
  services: ports('participant'),
  outsiders: ports('outside', repeatable),
});
