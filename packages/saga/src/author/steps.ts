import type { ServiceKind } from '@amends/contracts';
import type { Span } from './span.ts';

declare const said: unique symbol;

/** A step is a call of a service, of one of three kinds; a wait, for an event or a person; or another saga. */
export type CallKind = 'compensable' | 'pivot' | 'retriable';
export type Kind = CallKind | 'event' | 'approval' | 'child';

/** How an outsider's action is undone: by another action, whose input is made of what is known. */
export interface UndoAction {
  readonly service: string;
  readonly action: string;
  readonly repeatable: boolean;
  readonly given: (input: unknown, output: unknown) => unknown;
}

/** How a child saga that has completed is undone: by another saga, whose input is made of what is known. */
export interface UndoSaga {
  readonly saga: string;
  readonly given: (input: unknown, result: unknown) => unknown;
}

/** One call of one service. */
export interface CallStep {
  readonly kind: CallKind;
  readonly service: string;
  readonly action: string;
  readonly serviceKind: ServiceKind;
  /** May be sent again; otherwise it is sent once, and unknown unless it is answered (S2). */
  readonly repeatable: boolean;
  readonly lane: 'fast' | 'durable';
  /** What the service calls its undo, or the outsider's action that undoes, or null: nothing is to undo. */
  readonly undo: string | UndoAction | null;
  readonly noUndo: string | null;
  readonly each: string | null;
  readonly expects: readonly string[];
  /** A semantic lock: undone when all others are (S5). */
  readonly lock: boolean;
  /** Null where its author says nothing: it parks. */
  readonly whenExhausted: 'park' | 'skip' | null;
  readonly attempt: Span | null;
  readonly budget: Span | null;
  readonly undoBudget: Span | null;
  readonly summary: ((input: never) => string) | null;
}

/** Waits for an event of the saga's key. */
export interface EventStep {
  readonly kind: 'event';
  readonly event: string;
  readonly within: Span;
  readonly each: null;
}

/** Waits for a person; `otherwise` is the decision when nobody has answered in time. */
export interface ApprovalStep {
  readonly kind: 'approval';
  readonly within: Span;
  readonly otherwise: 'approved' | 'denied';
  readonly each: null;
}

/** Another saga as a step. */
export interface ChildStep {
  readonly kind: 'child';
  readonly saga: string;
  /** The child's business key, made of its input. */
  readonly key: (input: never) => string;
  readonly undo: UndoSaga | null;
  readonly noUndo: string | null;
  readonly each: string | null;
  readonly expects: readonly string[];
}

interface ShapeOf {
  compensable: CallStep & { readonly kind: 'compensable' };
  pivot: CallStep & { readonly kind: 'pivot' };
  retriable: CallStep & { readonly kind: 'retriable' };
  event: EventStep;
  approval: ApprovalStep;
  child: ChildStep;
}

/** A step as data: what tests, diagrams, the API and the engine read. What is said of calls is type only. */
// oxlint-disable-next-line typescript/no-explicit-any -- the bound of every step
export type Step<K extends Kind = Kind, In = any, Out = any, Each extends string | undefined = any> = ShapeOf[K] & {
  readonly [said]?: { in: In; out: Out; each: Each };
};
export type Steps = Record<string, Step>;
export type SaidBy<T extends Step> = NonNullable<T[typeof said]>;

/** Whether a step calls a service. */
export const isCall = (step: Step): step is Step<CallKind> =>
  step.kind === 'compensable' || step.kind === 'pivot' || step.kind === 'retriable';
