import type { z } from 'zod';

/** `{orderId}` in a route is filled from the input's field of that name. */
type Holes<R extends string> = R extends `${string}{${infer Name}}${infer Rest}` ? Name | Holes<Rest> : never;
type RouteOf<R extends string, I> = [Exclude<Holes<R>, keyof I>] extends [never]
  ? R
  : `no input field for {${Exclude<Holes<R>, keyof I> & string}}`;

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
 * - `undo`: what the service itself does when told to undo (participants only); undefined: it cannot.
 */
export interface Action<
  In = unknown,
  Out = unknown,
  Code extends string = string,
  Undo extends string | undefined = string | undefined,
> {
  readonly route: string;
  readonly input: z.ZodType<In>;
  readonly output: z.ZodType<Out>;
  readonly refusals: { readonly [C in Code]: RefusalContract<NoInfer<In>> };
  readonly undo: Undo;
  readonly example: { readonly input: In; readonly output: Out };
}

export const action = <
  I,
  O,
  const R extends string,
  C extends string = never,
  const U extends string | undefined = undefined,
>(spec: {
  route: R & RouteOf<R, NoInfer<I>>;
  input: z.ZodType<I>;
  output: z.ZodType<O>;
  refusals?: { readonly [K in C]: RefusalContract<NoInfer<I>> };
  undo?: U;
  example: { readonly input: NoInfer<I>; readonly output: NoInfer<O> };
}): Action<I, O, C, U> => ({ refusals: {} as never, undo: undefined as U, ...spec });

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

/** Anybody else's service. */
export const outside = <A extends Record<string, { readonly route: string; readonly undo: undefined }>>(
  actions: A,
): Service<'outside', A> => ({ kind: 'outside', actions });

/**
 * What a saga takes, gives, and is known by.
 *
 * `key` makes the business key from the input: a `BusinessKey` of ids.ts; the saga's id is `<saga>:<key>`.
 */
export interface SagaContract<In, Out, Code extends string> {
  readonly input: z.ZodType<In>;
  readonly result: z.ZodType<Out>;
  readonly key: (input: In) => string;
  /** The saga's own refusals (`throw saga.refuse(code)`): code → when, in words. */
  readonly refusals: { readonly [C in Code]: string };
  readonly example: NoInfer<In>;
  /** What it gives when it has done that. */
  readonly exampleResult: NoInfer<Out>;
}

export const sagaContract = <I, O, C extends string = never>(spec: {
  input: z.ZodType<I>;
  result: z.ZodType<O>;
  key: (input: NoInfer<I>) => string;
  refusals?: { readonly [K in C]: string };
  example: NoInfer<I>;
  exampleResult: NoInfer<O>;
}): SagaContract<I, O, C> => ({ refusals: {} as never, ...spec });
