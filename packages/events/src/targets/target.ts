import type { CloudEvent } from '../edge/cloud-event.ts';

/** Who is to have events: the broker, or where there is none, a receiver over HTTP. Each is served by itself, in the order of each key. */
export interface Target {
  /** By which an outbox remembers what this one has got. */
  readonly name: string;
  /** The types that it gets. */
  readonly types: readonly string[] | 'all';
  /**
   * Resolves when the target has the event; with the name of the store that it is in where somebody may take that store away. Rejects with `FinalRefusal` when it never will, with `NotNow` when it asks for the
   * same event later, and with anything else when it was not heard of; settles within 10 s.
   *
   * @param messageId the same at each repeat, and such as nobody else can guess
   */
  readonly deliver: (event: CloudEvent, messageId: string) => Promise<string | void>;
  /** The store in which what is delivered now is kept: what was delivered into another is gone. Null while that cannot be told. */
  readonly store?: () => string | null;
}

/** The target has read the event and will never take it as it is; `message` says why. */
export class FinalRefusal extends Error {
  override readonly name = 'FinalRefusal';
}

/** The target answers, but not to this event now; `afterMs`: how long it wants to be left alone. */
export class NotNow extends Error {
  override readonly name: string = 'NotNow';
  readonly afterMs: number;
  constructor(message: string, afterMs = 0) {
    super(message);
    this.afterMs = afterMs;
  }
}

/** The target would take no event of ours: somebody has to mend the set-up. */
export class SetUpWrong extends NotNow {
  override readonly name = 'SetUpWrong';
}

export const isOwed = ({ types }: Target, type: string): boolean => types === 'all' || types.includes(type);
