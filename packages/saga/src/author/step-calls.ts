import type { Kind, SaidBy, Step, Steps } from './steps.ts';

type NamesOf<S extends Steps, K extends Kind> = { [N in keyof S]: S[N]['kind'] extends K ? N : never }[keyof S];

declare const passed: unique symbol;

/** Marks the steps of a flow that has passed the point of no return; a type alone. */
export interface Passed {
  readonly [passed]: true;
}

type TooLate = 'past the point of no return nothing is undone: call this step before pointOfNoReturn(step)';
type TooEarly = 'a retriable step: say pointOfNoReturn(step) first';

/** A step's input where the flow may call it, else the sentence that says why not: the compiler shows it. */
type Allowed<This, K extends Kind, I> = K extends 'retriable'
  ? This extends Passed
    ? I
    : TooEarly
  : K extends 'compensable' | 'pivot' | 'child'
    ? This extends Passed
      ? TooLate
      : I
    : I;

/** How a flow calls a step: with its input, or, where the step has instances, with the instance's id first. */
export type Call<T extends Step> =
  SaidBy<T> extends { in: infer I; out: infer O; each: infer E }
    ? [E] extends [string]
      ? <This>(this: This, id: string, input: Allowed<This, T['kind'], I>) => Promise<O>
      : [I] extends [void]
        ? () => Promise<O>
        : <This>(this: This, input: Allowed<This, T['kind'], I>) => Promise<O>
    : never;

/** The steps of a flow. Which of them it may call, each call says itself: {@link Passed} is added by `pointOfNoReturn(step)`. */
export type Before<S extends Steps> = { readonly [N in keyof S]: Call<S[N]> };

type IsUnion<T, U = T> = [T] extends [never] ? false : T extends unknown ? ([U] extends [T] ? false : true) : false;

type Reserved =
  | 'flow'
  | 'seal'
  | `${'undo' | 'settle' | 'seal'}${Capital}${string}`
  | `${string}${':' | '/' | '.'}${string}`;
type Capital = 'A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'G' | 'H' | 'I' | 'J' | 'K' | 'L' | 'M' | 'N' | 'O' | 'P' | 'Q' | 'R' | 'S' | 'T' | 'U' | 'V' | 'W' | 'X' | 'Y' | 'Z'; // prettier-ignore

/**
 * A saga's steps, or in place of a step that may not be there the sentence that says why: a second pivot, or a name that the engine uses
 * itself (S6, and what it calls for the steps).
 */
export type Checked<S extends Steps> = {
  readonly [N in keyof S]: N extends Reserved
    ? `${N} is a name that the engine uses itself: call this step otherwise`
    : S[N]['kind'] extends 'pivot'
      ? IsUnion<NamesOf<S, 'pivot'>> extends true
        ? 'a saga has at most one pivot, and this is one of several'
        : S[N]
      : S[N];
};
