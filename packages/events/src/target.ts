import type { CloudEvent } from 'cloudevents';
import type { EventType } from '../../../contracts/events.ts';

/** Who is to have events: the broker, or where there is none, a receiver over HTTP. Each is served by itself, in the order of each key. */
export interface Target {
  /** By which an outbox remembers what this one has got. */
  readonly name: string;
  /** The types that it gets. */
  readonly types: readonly EventType[] | 'all';
  /**
   * Resolves when the target has the event for good. Rejects with `FinalRefusal` when it never will, with `NotNow` when it asks for the
   * same event later, and with anything else when it was not heard of; settles within 10 s.
   */
  readonly deliver: (event: CloudEvent<unknown>) => Promise<void>;
}

/** The target has read the event and will never take it as it is; `message` says why. */
export class FinalRefusal extends Error {
  override readonly name = 'FinalRefusal';
}

/** The target answers, but not to this event now; `afterMs`: how long it wants to be left alone. */
export class NotNow extends Error {
  override readonly name = 'NotNow';
  readonly afterMs: number;
  constructor(message: string, afterMs = 0) {
    super(message);
    this.afterMs = afterMs;
  }
}

export const isOwed = ({ types }: Target, type: string): boolean =>
  types === 'all' || types.some((one) => one === type);
