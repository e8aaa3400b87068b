// What an author of sagas writes with. Types that an application's own declarations must name are here too.
export { compensable, pivot, retriable } from './author/call-steps.ts';
export type { Carried } from './run/carried.ts';
export type { ChildOptions, ChildUndoing, EachOf, Expected } from './author/child-step.ts';
export type { EventData, EventType, SagaCode, SagaInput, SagaName, SagaResult } from './author/contract.ts';
export { createSagas, type Sagas } from './author/create-sagas.ts';
export type { Definition, SagaFacts, SagaWorkflow } from './author/definition.ts';
export type { Path, Paths } from './author/paths.ts';
export { pointOfNoReturn } from './author/point-of-no-return.ts';
export type { Participant, Port, Ports } from './author/ports.ts';
export { refused, type Refusal } from './author/refusal.ts';
export type { Span } from './author/span.ts';
export type { Before, Call, Checked, Passed } from './author/step-calls.ts';
export type { CallKind, Kind, Step, Steps } from './author/steps.ts';
export { approval, type Decision } from './author/wait-steps.ts';
