import type { App } from '@amends/contracts';
import type { SagaCode, SagaInput, SagaName, SagaResult } from './contract.ts';
import type { Refusal } from './refusal.ts';
import type { ChildStep } from './steps.ts';

export type EachOf<O> = O extends { each: infer E extends string } ? E : undefined;
export type Expected<O> = O extends { expects: readonly (infer C extends string)[] } ? Refusal<C> : never;

export interface ChildOptions<A extends App, N extends SagaName<A>> {
  /** The child's business key, as its contract makes it (workflows see no contract's code; a test holds them equal). */
  readonly key: (input: SagaInput<A, N>) => string;
  /** The step runs once per such thing: its calls take the thing's id first. */
  readonly each?: string;
  /** Refusals of the child that are answers, not failures: the call returns them. */
  readonly expects?: readonly SagaCode<A, N>[];
}

export type ChildUndoing<A extends App, N extends SagaName<A>, U extends SagaName<A>> =
  | {
      readonly undo: U;
      readonly given: (input: SagaInput<A, N>, result: SagaResult<A, N> | undefined) => SagaInput<A, U>;
    }
  | { readonly noUndo: string };

type Given = Partial<Omit<ChildStep, 'undo' | 'key'>> & { undo?: string; given?: unknown };

/** A step that is another saga. */
export const childSaga = (saga: string, options: { readonly key: ChildStep['key'] } & Given): ChildStep => {
  const { undo, given, ...rest } = options;
  return {
    each: null,
    expects: [],
    noUndo: null,
    ...rest,
    kind: 'child',
    saga,
    undo: undo === undefined ? null : ({ saga: undo, given } as ChildStep['undo']),
  };
};
