import type { SagaContract } from '../../contracts/define.ts';
import type * as sagas from '../../contracts/sagas.ts';

/** Every saga that the contracts know, with what it takes, gives and may refuse. */
export type Sagas = typeof sagas;
export type SagaName = Extract<keyof Sagas, string>;
// oxlint-disable typescript/no-explicit-any -- each picks one of three parameters
export type SagaInput<N extends SagaName> = Sagas[N] extends SagaContract<infer I, any, any> ? I : never;
export type SagaResult<N extends SagaName> = Sagas[N] extends SagaContract<any, infer O, any> ? O : never;
export type SagaCode<N extends SagaName> = Sagas[N] extends SagaContract<any, any, infer C> ? C : never;
