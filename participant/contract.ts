import type { NodePgQueryResultHKT } from 'drizzle-orm/node-postgres';
import type { PgDatabase } from 'drizzle-orm/pg-core';
import type { z } from 'zod';

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

/** What an undo is given: all from the operation's record but `correction`. */
export interface Done<In, Out> {
  readonly input: In;
  readonly answer: Out;
  /** What the action kept for its undo; undefined when it kept nothing. */
  readonly memo: unknown;
  /** The JSON body of the undo request: an operator's corrected input; undefined when there was none. */
  readonly correction: unknown;
}

/**
 * Does the action in the transaction, and answers its output. Throws `refuse(code, message)` for a business no: nothing it
 * wrote stays. Anything else it throws is a failure: nothing stays, the caller tries again. It is bounded (4 s in all, 2 s a
 * lock or statement), may run more than once before it commits, takes rows in sorted order, and does nothing outside `tx`.
 *
 * `keep(memo)` stores JSON that nobody but its undo sees. `saga` is the id of the saga that asks: whose lock it is, when it is one.
 */
export type Do<In, Out> = (tx: Tx, input: In, keep: (memo: unknown) => void, saga: string) => Promise<Out>;

/** Undoes what was done, in the same manner; `refuse` says that it cannot be undone, which leaves it done. */
export type Undo<In, Out> = (tx: Tx, done: Done<In, Out>) => Promise<void>;

/** An action's handler; it has an undo exactly when the contract names one. */
export type Handler<A extends ActionContract> = { readonly do: Do<InputOf<A>, OutputOf<A>> } & (A extends {
  readonly undo: string;
}
  ? { readonly undo: Undo<InputOf<A>, OutputOf<A>> }
  : { readonly undo?: never });

export type Handlers<C extends ParticipantContract> = {
  readonly [A in keyof C['actions']]: Handler<C['actions'][A]>;
};

/** A handler as the kit runs it: its types were checked where it was given. */
export interface AnyHandler {
  readonly do: Do<unknown, unknown>;
  readonly undo?: Undo<unknown, unknown>;
}
