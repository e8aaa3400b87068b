import type { CloudEvent } from '../edge/cloud-event.ts';
import type { DeadLetterReason } from '@amends/contracts/internal';
import type { Late } from '../letters/late-events.ts';

/** What a handler knows of a delivery besides the event. */
export interface Delivery {
  /** When the broker got the event. */
  readonly publishedAt: Date;
  /** 1 the first time. */
  readonly attempt: number;
  /** The CloudEvent, as it was sent. */
  readonly original?: CloudEvent | undefined;
  /** `<stream> <sequence>` of it at the broker. */
  readonly at?: string;
}

/** Keeps an event as it came, because it came too late for its saga. */
export type KeepLate = (late: Late) => Promise<void>;

/**
 * What became of an event. `taken`: whatever it causes is durable elsewhere, and the broker may forget it. `dead`: it can
 * never be used. An error thrown: not now; it comes again after 1 s, doubling to 60 s, for as long as the stream keeps it.
 */
export type Verdict = 'taken' | { readonly dead: DeadLetterReason; readonly detail: string };
