import type { SagaCode, SagaInput, SagaName, SagaResult } from './contract.ts';
import type { Refusal } from './refusal.ts';
import type { ChildStep, Step } from './steps.ts';

type EachOf<O> = O extends { each: infer E extends string } ? E : undefined;
type Expected<O> = O extends { expects: readonly (infer C extends string)[] } ? Refusal<C> : never;

interface Options<N extends SagaName> {
  /** The child's business key, as its contract makes it (workflows see no contract's code; a test holds them equal). */
  readonly key: (input: SagaInput<N>) => string;
  /** The step runs once per such thing: its calls take the thing's id first. */
  readonly each?: string;
  /** Refusals of the child that are answers, not failures: the call returns them. */
  readonly expects?: readonly SagaCode<N>[];
}

type Undoing<N extends SagaName, U extends SagaName> =
  | { readonly undo: U; readonly given: (input: SagaInput<N>, result: SagaResult<N> | undefined) => SagaInput<U> }
  | { readonly noUndo: string };

/**
 * Another saga as a step: it is done when the child completes, and refused when the child has undone itself. Undoing it, once it
 * has completed, is another saga; `result` is undefined when nobody knows how the child ended.
 */
export const childSaga = <N extends SagaName, U extends SagaName, const O extends Options<N>>(
  saga: N,
  options: O & Undoing<N, U>,
): Step<'child', SagaInput<N>, SagaResult<N> | Expected<O>, EachOf<O>> => {
  const { undo, given, ...rest }: Partial<Omit<ChildStep, 'undo'>> & { undo?: string; given?: unknown } = options;
  return {
    each: null,
    expects: [],
    noUndo: null,
    ...rest,
    key: options.key,
    kind: 'child',
    saga,
    undo: undo === undefined ? null : ({ saga: undo, given } as ChildStep['undo']),
  } satisfies ChildStep;
};
