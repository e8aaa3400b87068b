import type { App, SagaContract, EventContract } from '@amends/contracts';

/** The sagas of an application, with what each takes, gives and may refuse. */
export type SagaName<A extends App> = Extract<keyof A['sagas'], string>;
// oxlint-disable typescript/no-explicit-any -- each picks one of three parameters
export type SagaInput<A extends App, N extends SagaName<A>> =
  A['sagas'][N] extends SagaContract<infer I, any, any> ? I : never;
export type SagaResult<A extends App, N extends SagaName<A>> =
  A['sagas'][N] extends SagaContract<any, infer O, any> ? O : never;
export type SagaCode<A extends App, N extends SagaName<A>> =
  A['sagas'][N] extends SagaContract<any, any, infer C> ? C : never;
// oxlint-enable typescript/no-explicit-any

/** The events of an application, and the data of each. */
export type EventType<A extends App> = Extract<keyof A['events'], string>;
export type EventData<A extends App, E extends EventType<A>> =
  A['events'][E] extends EventContract<infer D> ? D : never;
