import type { Code, Input, Output, Participant, Port, SentOnce, UndoName } from './ports.ts';
import type { Refusal } from './refusal.ts';
import type { Span } from './span.ts';
import type { CallKind, CallStep, Step, UndoAction } from './steps.ts';

interface Tuning<P extends Port> {
  /** The step runs once per such thing: its calls take the thing's id first. */
  readonly each?: string;
  /** One attempt; 5 seconds. */
  readonly attempt?: Span;
  /** All attempts together, waiting included; past it the outcome is unknown; 60 seconds. */
  readonly budget?: Span;
  /** Patience of its undo before it parks; 10 minutes. */
  readonly undoBudget?: Span;
  /** `durable` for what takes long; `fast` by default. A service that is no participant is always called in the durable lane. */
  readonly lane?: P extends Participant ? 'fast' | 'durable' : 'durable';
  /** In the Web UI, instead of the step's name in words. */
  readonly summary?: (input: Input<P>) => string;
}

interface Expecting<P extends Port> {
  /** Refusals that are answers, not failures: the call returns them. */
  readonly expects?: readonly Code<P>[];
}

type Undoing<P extends Port, U extends Port> =
  | (Locking &
      (P extends Participant
        ? UndoName<P> extends string
          ? { readonly undo: UndoName<P> }
          : never
        : { readonly undo: U; readonly given: (input: Input<P>, output: Output<P> | undefined) => Input<U> }))
  | { readonly noUndo: string; readonly lock?: never };

interface Locking {
  /** A semantic lock, which keeps others away from what the saga works on: undone when all other steps are. */
  readonly lock?: boolean;
}

type EachOf<O> = O extends { each: infer E extends string } ? E : undefined;
type Expected<O> = O extends { expects: readonly (infer C extends string)[] } ? Refusal<C> : never;
type Skipped<O> = O extends { whenExhausted: 'skip' } ? undefined : never;
interface Exhausting {
  /** When its budget is used up, or it is refused: wait for a person (`park`), or go on without it. */
  readonly whenExhausted?: 'park' | 'skip';
}

type Given = Partial<Omit<CallStep, 'undo'>> & { undo?: string | Port; given?: UndoAction['given'] };

const stepOf = <K extends CallKind>(kind: K, port: Port, options: object): Step<K> => {
  const { undo, given, ...rest }: Given = options;
  return {
    expects: [],
    each: null,
    noUndo: null,
    lock: false,
    whenExhausted: null,
    repeatable: port.repeatable,
    attempt: null,
    budget: null,
    undoBudget: null,
    summary: null,
    lane: port.kind === 'participant' ? 'fast' : 'durable',
    ...rest,
    kind,
    service: port.service,
    action: port.action,
    serviceKind: port.kind,
    undo:
      typeof undo === 'object' && given !== undefined
        ? { service: undo.service, action: undo.action, repeatable: undo.repeatable, given }
        : typeof undo === 'string'
          ? undo
          : null,
  } satisfies CallStep as unknown as Step<K>;
};

/** Shown by the compiler where a compensable step has no options. */
type HowToUndo<P extends Port> = P extends Participant
  ? UndoName<P> extends string
    ? `say how it is undone, { undo: '${UndoName<P>}' }, or why nothing is to undo, { noUndo: '…' }`
    : "the service cannot undo this: say why nothing is to undo, { noUndo: '…' }"
  : "say which action undoes it, { undo, given }, or why nothing is to undo, { noUndo: '…' }";

/** A step that can be undone: it says how, or why nothing is to undo. */
export function compensable<P extends Port, U extends Port, const O extends Tuning<P> & Expecting<P>>(
  port: P,
  options: O & Undoing<P, U>,
): Step<'compensable', Input<P>, Output<P> | Expected<O>, EachOf<O>>;
export function compensable<P extends Port>(port: [P] extends [never] ? P : HowToUndo<P>): never;
export function compensable(port: unknown, options: object = {}): Step<'compensable'> {
  return stepOf('compensable', port as Port, options);
}

/** The point of no return: at most one a saga, at a participant, without instances. */
export const pivot = <P extends Participant, const O extends Omit<Tuning<P>, 'each'> & Expecting<P> & { each?: never }>(
  port: P,
  options?: O,
): Step<'pivot', Input<P>, Output<P> | Expected<O>, undefined> => stepOf('pivot', port, options ?? {});

/** Nothing but a service that is away can keep it from being done, and that passes. */
type IsDoneInTheEnd<P extends Port> = [Code<P>] extends [never] ? (P extends SentOnce ? false : true) : false;

/** Shown by the compiler where a retriable step must have options and has none. */
type WhatThen<P extends Port> = [Code<P>] extends [never]
  ? "the outsider is asked once: say what then, { whenExhausted: 'park' } or 'skip'"
  : "the service may refuse this: say what then, { whenExhausted: 'park' } or 'skip'";

/**
 * A step past the point: never undone. An action that its contract lets be refused, or that an outsider is sent but once, must say what then.
 */
export function retriable<P extends Port, const O extends Tuning<P> & Exhausting>(
  port: P,
  ...options: IsDoneInTheEnd<P> extends true ? [options?: O] : [options: O & Required<Exhausting>]
): Step<'retriable', Input<P>, Output<P> | Skipped<O>, EachOf<O>>;
export function retriable<P extends Port>(port: [P] extends [never] ? P : WhatThen<P>): never;
export function retriable(port: unknown, options: object = {}): Step<'retriable'> {
  return stepOf('retriable', port as Port, options);
}
