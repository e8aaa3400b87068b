// What an author of sagas writes with. Types that an application's own declarations must name are here too.
export { compensable, pivot, retriable } from './call-steps.ts';
export type { Carried } from './carried.ts';
export type { ChildOptions, ChildUndoing, EachOf, Expected } from './child-step.ts';
export type { EventData, EventType, SagaCode, SagaInput, SagaName, SagaResult } from './contract.ts';
export { createSagas, type Sagas } from './create-sagas.ts';
export type { Definition, SagaFacts, SagaWorkflow } from './definition.ts';
export type { Path, Paths } from './paths.ts';
export { pointOfNoReturn } from './point-of-no-return.ts';
export type { Participant, Port, Ports } from './ports.ts';
export { refused, type Refusal } from './refusal.ts';
export type { Span } from './span.ts';
export type { Before, Call, Checked, Passed } from './step-calls.ts';
export type { CallKind, Kind, Step, Steps } from './steps.ts';
export { approval, type Decision } from './wait-steps.ts';
