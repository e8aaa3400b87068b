// What the other packages of Amends use of this one: no part of its public interface, and it may change in any release.
export type { Definition } from './definition.ts';
export type { Path } from './paths.ts';
export { passPoint } from './point-of-no-return.ts';
export { milliseconds, type Span } from './span.ts';
export { isCall, type CallKind, type ChildStep, type Kind, type Step, type Steps } from './steps.ts';
export { inWords } from './words.ts';
