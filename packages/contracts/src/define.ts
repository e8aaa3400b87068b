import type { z } from 'zod';

/** `{orderId}` in a route is filled from the input's field of that name. */
type Holes<R extends string> = R extends `${string}{${infer Name}}${infer Rest}` ? Name | Holes<Rest> : never;
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
/** Holes that no field fills, or one that is no word or number, or may be missing. */
type Unfilled<N extends string, I> = N extends keyof I ? (I[N] extends string | number ? never : N) : N;
/** The route itself, or a sentence that says what is wrong with it. */
type RouteOf<R extends string, I> = R extends `${string} ${string} ${string}`
  ? NoRoute
  : R extends `${Method} /${string}`
    ? [Unfilled<Holes<R>, I>] extends [never]
      ? R
      : `the input has no field {${Unfilled<Holes<R>, I>}} that is a word or a number`
    : NoRoute;
type NoRoute = "a route is a method and a path: 'POST /reservations/{reservationId}/ship'";

/** When an action is refused, in words, and an input that provokes it. */
export interface RefusalContract<In> {
  readonly when: string;
  readonly example?: In;
}

/**
 * What one service can be asked to do.
 *
 * - `route`: method and path, e.g. `POST /reservations/{reservationId}/ship`; holes are filled from the input.
 * - `refusals`: code → when; the service answers them as `urn:amends:refused:<code>`.
 * - `repeatable`: of an outsider: asking again with the same input and key does no harm. Without it the action is sent once (S2).
 * - `undo`: what the service itself does when told to undo (participants only); undefined: it cannot.
 */
export interface Action<
  In = unknown,
  Out = unknown,
  Code extends string = string,
  Undo extends string | undefined = string | undefined,
  Repeatable extends boolean = boolean,
> {
  readonly route: string;
  readonly input: z.ZodType<In>;
  readonly output: z.ZodType<Out>;
  readonly refusals: { readonly [C in Code]: RefusalContract<NoInfer<In>> };
  readonly undo: Undo;
  readonly repeatable: Repeatable;
  readonly example: { readonly input: In; readonly output: Out };
}

export const action = <
  I,
  O,
  const R extends string,
  C extends string = never,
  const U extends string | undefined = undefined,
  const P extends boolean = false,
>(spec: {
  route: RouteOf<R, NoInfer<I>>;
  input: z.ZodType<I>;
  output: z.ZodType<O>;
  refusals?: { readonly [K in C]: RefusalContract<NoInfer<I>> };
  undo?: U;
  repeatable?: P;
  example: { readonly input: NoInfer<I>; readonly output: NoInfer<O> };
}): Action<I, O, C, U, P> => ({ refusals: {} as never, undo: undefined as U, repeatable: false as P, ...spec });

// Not Record<string, Action<any, …>>: a contextual `any` would become the inferred code and undo of every action.
type Actions = Record<string, { readonly route: string; readonly undo: string | undefined }>;

export type ServiceKind = 'participant' | 'outside';

export interface Service<K extends ServiceKind, A extends Actions> {
  readonly kind: K;
  readonly actions: A;
}

/** A service that keeps section 4 of the design: its actions may be repeated, undone, settled and sealed by key. */
export const participant = <A extends Actions>(actions: A): Service<'participant', A> => ({
  kind: 'participant',
  actions,
});

/** Anybody else's service: it knows no keys, so that an action of it is sent once, unless it is `repeatable` (docs/outsiders.md). */
export const outside = <A extends Record<string, { readonly route: string; readonly undo: undefined }>>(
  actions: A,
): Service<'outside', A> => ({ kind: 'outside', actions });

/**
 * What a saga takes, gives, and is known by.
 *
 * `key` makes the business key from the input: a `GivenKey` of ids.ts; the saga's id is `<saga>:<key>`.
 */
export interface SagaContract<In, Out, Code extends string> {
  readonly input: z.ZodType<In>;
  readonly result: z.ZodType<Out>;
  readonly key: (input: In) => string;
  /** The saga's own refusals (`throw saga.refuse(code)`): code → when, in words. */
  readonly refusals: { readonly [C in Code]: string };
  /** Only other sagas start it, for a step or an undo; default: anybody may. */
  readonly startedBy?: 'sagas';
  readonly example: NoInfer<In>;
  /** What it gives when it has done that. */
  readonly exampleResult: NoInfer<Out>;
}

export const sagaContract = <I, O, C extends string = never>(spec: {
  input: z.ZodType<I>;
  result: z.ZodType<O>;
  key: (input: NoInfer<I>) => string;
  refusals?: { readonly [K in C]: string };
  startedBy?: 'sagas';
  example: NoInfer<I>;
  exampleResult: NoInfer<O>;
}): SagaContract<I, O, C> => ({ refusals: {} as never, ...spec });
