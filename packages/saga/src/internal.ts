// What the other packages of Amends use of this one: no part of its public interface, and it may change in any release.
export type { Definition } from './author/definition.ts';
export type { Path } from './author/paths.ts';
export { passPoint } from './author/point-of-no-return.ts';
export { milliseconds, type Span } from './author/span.ts';
export { isCall, type CallKind, type ChildStep, type Kind, type Step, type Steps } from './author/steps.ts';
export { interceptors } from './run/activation.ts';
export { inWords } from './run/words.ts';
