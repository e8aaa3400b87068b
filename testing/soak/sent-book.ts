import type { DeadLetterReason } from '../../packages/contracts/src/dead-letter-reason.ts';
import type { DueEnd } from './orders.ts';

/** What must be found of an event that started a saga. */
export interface DueSaga {
  /** Of its input. */
  readonly fingerprint: string;
  /** `open`: it waits for a person. */
  readonly end: DueEnd | 'open';
}

/** What the sender of a cancel was told: that it came too late, or nothing yet (a saga tells of it later, S9). */
export interface SentCancel {
  readonly late: boolean;
}

export interface DueLetter {
  readonly id: string;
  readonly reason: DeadLetterReason;
  /** SHA-256 of the bytes. */
  readonly digest: string;
}

/** What was sent and taken, and so what must be found; filled while it is sent. */
export interface SentBook {
  /** By saga id. */
  readonly sagas: Map<string, DueSaga>;
  /** By saga id. */
  readonly cancels: Map<string, SentCancel>;
  /** The ids of the events that a saga must have been told, by saga id. */
  readonly told: Map<string, string>;
  /** By the place that the broker gave it in the stream. */
  readonly letters: Map<number, DueLetter>;
  /** What a sender was answered and should not have been, in words. */
  readonly wrong: string[];
  readonly counts: SentCounts;
}

/** `sent`: delivered, of every kind; of these `again` and `early`. `refused`: poison whose sender was told. `repeats`: nobody had taken it. */
export interface SentCounts {
  sent: number;
  again: number;
  early: number;
  refused: number;
  repeats: number;
}

export const createSentBook = (): SentBook => ({
  sagas: new Map(),
  cancels: new Map(),
  told: new Map(),
  letters: new Map(),
  wrong: [],
  counts: { sent: 0, again: 0, early: 0, refused: 0, repeats: 0 },
});
