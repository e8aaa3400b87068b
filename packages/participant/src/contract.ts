import type { NodePgQueryResultHKT } from 'drizzle-orm/node-postgres';
import type { PgDatabase } from 'drizzle-orm/pg-core';
import type { z } from 'zod';
import type { Refusal } from './refusal.ts';

/** The transaction of one action: what a handler writes with it is there exactly when its operation is. */
export type Tx = PgDatabase<NodePgQueryResultHKT>;

/** What the kit must know of an action; `contracts/` has the full form. */
export interface ActionContract {
  /** `POST /reservations/{reservationId}/ship`: a hole is the input's field of that name. */
  readonly route: string;
  readonly input: z.ZodType;
  readonly output: z.ZodType;
  /** Code → when. A handler may refuse with no other code. */
  readonly refusals: Readonly<Record<string, { readonly when: string }>>;
  readonly undo: string | undefined;
}

export interface ParticipantContract {
  readonly actions: Readonly<Record<string, ActionContract>>;
}

type InputOf<A extends ActionContract> = z.output<A['input']>;
type OutputOf<A extends ActionContract> = z.output<A['output']>;
type CodeOf<A extends ActionContract> = keyof A['refusals'] & string;

/** What everybody is given who may refuse. */
export interface Refusing<Code extends string = string> {
  /**
   * Makes the business no to be thrown: `throw refuse('out-of-stock', 'only 3 of mug are left')`. Of an action `code` is one of its
   * contract; an undo's is free. `detail` is for people; `cause` for the log.
   */
  readonly refuse: (code: Code, detail: string, cause?: unknown) => Refusal;
}

/** What is told beside what is given: to `prepare` all of it. */
export interface SagaContext<Code extends string = string> extends Refusing<Code> {
  /** The id of the saga that asks: whose lock it is, when it is one. */
  readonly saga: string;
}

/** What a plain action is told beside its input. */
export interface ActionContext<Code extends string = string> extends SagaContext<Code> {
  /** Stores JSON that nobody but the action's undo sees. */
  readonly keep: (memo: unknown) => void;
}

/** What an undo is given: all from the operation's record but `correction`. */
export interface Done<In, Out> {
  readonly input: In;
  readonly answer: Out;
  /** What the action kept for its undo; undefined when it kept nothing. */
  readonly memo: unknown;
  /**
   * The JSON body of the undo request: an operator's corrected input; undefined when there was none. Of an undo outside the
   * database only `prepare` sees it.
   */
  readonly correction: unknown;
}

/**
 * Does the action in the transaction, and answers its output. Throws what `refuse(code, detail)` makes for a business no:
 * nothing it wrote stays. Anything else it throws is a failure: nothing stays, the caller tries again. It is bounded (4 s in all, 2 s a
 * lock or statement), may run more than once before it commits, takes rows in sorted order, and does nothing outside `tx`.
 */
export type Do<In, Out, Code extends string = string> = (
  tx: Tx,
  input: In,
  context: ActionContext<Code>,
) => Promise<Out>;

/** Undoes what was done, in the same manner; `refuse` says that it cannot be undone, which leaves it done. */
export type Undo<In, Out> = (tx: Tx, done: Done<In, Out>, context: Refusing) => Promise<void>;

/** What the call to a provider is told beside its request. */
export interface Outside<Code extends string = string> extends Refusing<Code> {
  /**
   * Goes to the provider as its own idempotency key: the operation's key, of an undo followed by `#undo` (`#undo:2` when an
   * earlier undo was refused); at most 411 characters. It is the same each time this call is repeated.
   */
  readonly key: string;
  /** Aborted when the call's time is over; what it answers later is not heard. */
  readonly signal: AbortSignal;
}

/** What the first transaction of an effect outside left for the second. */
export interface Prepared<Given, Request> {
  /** Of an action its input, of an undo what was done. */
  readonly given: Given;
  readonly request: Request;
}

/**
 * An action, or an undo, whose effect is outside the database (P12), at a provider that does the same key once. Made with
 * `external`; it stands where a plain function would. Three functions, run in this order:
 *
 * - `prepare`, in a first transaction: looks whether it may be done at all (`refuse` says no) and makes the request, which is
 *   JSON. The request is committed before anybody outside hears of it.
 * - `call`, outside of any transaction: sends the request with `outside.key`. It throws what `outside.refuse` makes for the provider's no, which
 *   is final, so only where the provider has said it in so many words. Whatever else it throws means "not known": the caller
 *   is told 503, and the next who asks for this key calls again with the same request and key.
 * - `record`, in a second transaction: writes what came of it, and answers the output. It cannot refuse any more.
 *
 * Each of the two transactions is bounded as a plain handler's is, and may run more than once before it commits.
 *
 * A crash anywhere between leaves an open row; whoever asks for its key next (the action again, its undo, settle) first brings
 * it to an end. So `call` may run more than once, also after its undo was asked for, and `record` is the place for everything
 * that must be written once.
 */
export interface External<Given, Out, Code extends string = string, Request = unknown, Result = unknown> {
  readonly prepare: (tx: Tx, given: Given, context: SagaContext<Code>) => Promise<Request>;
  readonly call: (request: Request, outside: Outside<Code>) => Promise<Result>;
  readonly record: (
    tx: Tx,
    prepared: Prepared<Given, Request> & { readonly result: Result },
    keep: (memo: unknown) => void,
  ) => Promise<Out>;
  /** Takes back what `prepare` wrote when the provider says no, in the transaction that stores it. Default: nothing to take back. */
  readonly refused?: (tx: Tx, prepared: Prepared<Given, Request>) => Promise<void>;
  /** false: the provider knows no keys, so the call is never repeated: not known stays not known, and is for a person. Default true. */
  readonly repeatable?: boolean;
  /** How long `call` may take, in milliseconds. Default 3 s: below the 5 s that a caller waits. */
  readonly limitMs?: number;
}

/** An action's handler; it has an undo exactly when the contract names one. Either is plain or external, as its effect is. */
export type Handler<A extends ActionContract> = {
  readonly do: Do<InputOf<A>, OutputOf<A>, CodeOf<A>> | External<InputOf<A>, OutputOf<A>, CodeOf<A>>;
} & (A extends {
  readonly undo: string;
}
  ? { readonly undo: Undo<InputOf<A>, OutputOf<A>> | External<Done<InputOf<A>, OutputOf<A>>, void> }
  : { readonly undo?: never });

export type Handlers<C extends ParticipantContract> = {
  readonly [A in keyof C['actions']]: Handler<C['actions'][A]>;
};

/** A handler as the kit runs it: its types were checked where it was given. */
export interface AnyHandler {
  readonly do: Do<unknown, unknown> | AnyExternal;
  readonly undo?: Undo<unknown, unknown> | AnyExternal;
}

/** An effect outside, of an action or of an undo. */
export type AnyExternal = External<unknown, unknown>;
