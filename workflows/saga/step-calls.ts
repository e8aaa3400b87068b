import type { Kind, SaidBy, Step, Steps } from './steps.ts';

type NamesOf<S extends Steps, K extends Kind> = { [N in keyof S]: S[N]['kind'] extends K ? N : never }[keyof S];

/** How a flow calls a step: with its input, or, where the step has instances, with the instance's id first. */
export type Call<T extends Step> =
  SaidBy<T> extends { in: infer I; out: infer O; each: infer E }
    ? [E] extends [string]
      ? (id: string, input: I) => Promise<O>
      : [I] extends [void]
        ? () => Promise<O>
        : (input: I) => Promise<O>
    : never;

type Calls<S extends Steps, K extends Kind> = { readonly [N in NamesOf<S, K>]: Call<S[N]> };
type Locked = 'a retriable step: say pointOfNoReturn(step) first';

/** The steps that a flow may call before the point of no return. */
export type Before<S extends Steps> = Calls<S, 'compensable' | 'pivot' | 'child' | 'event' | 'approval'> & {
  readonly [N in NamesOf<S, 'retriable'>]: Locked | Call<S[N]>;
};

/** The steps that it may call past it. */
export type After<S extends Steps> = Calls<S, 'retriable' | 'event' | 'approval'> & {
  readonly [N in NamesOf<S, 'compensable' | 'pivot' | 'child'>]: never;
};

type IsUnion<T, U = T> = [T] extends [never] ? false : T extends unknown ? ([U] extends [T] ? false : true) : false;

/** Makes a second pivot a type error. */
export type OnePivot<S extends Steps> =
  IsUnion<NamesOf<S, 'pivot'>> extends true ? { [N in NamesOf<S, 'pivot'>]: 'a saga has at most one pivot' } : unknown;

type Reserved =
  | 'flow'
  | 'seal'
  | `${'undo' | 'settle' | 'seal'}${Capital}${string}`
  | `${string}${':' | '/' | '.'}${string}`;
type Capital = 'A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'G' | 'H' | 'I' | 'J' | 'K' | 'L' | 'M' | 'N' | 'O' | 'P' | 'Q' | 'R' | 'S' | 'T' | 'U' | 'V' | 'W' | 'X' | 'Y' | 'Z'; // prettier-ignore

/** The engine's own names among a saga's steps (S6), and those of what it calls for them: a step may take none. */
export type NoReservedName<S extends Steps> = { [N in Extract<keyof S, Reserved>]: 'the engine uses this name' };
