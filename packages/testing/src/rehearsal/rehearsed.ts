import type { SagaEnd } from '@amends/contracts';
import type { Kind } from '@amends/saga';

/**
 * What befalls a call instead of its usual answer. `unknown`: nobody can say whether it happened; a pivot's settling then finds that it did
 * not. `halted`: the saga is cancelled, or its deadline passes, while it is at this step.
 */
export type Befalls =
  | { readonly what: 'answered'; readonly value: unknown }
  | { readonly what: 'refused'; readonly code: string }
  | { readonly what: 'unknown' }
  | { readonly what: 'halted'; readonly by: 'cancelled' | 'deadline' };

/** One call of a step. `wave`: which calls go out together, counted from 1. */
export interface RehearsedCall {
  /** `bookParcel`, or `bookParcel:w-1`. */
  readonly id: string;
  readonly step: string;
  readonly instance: string | null;
  readonly kind: Kind;
  readonly input: unknown;
  readonly wave: number;
}

/** How a call ended; `in-flight`: the saga had come to a halt before its answer came. `skipped`: it went on without it. */
export type Came = 'done' | 'refused' | 'unknown' | 'skipped' | 'in-flight';

/** Why a saga was undone, as its view tells it. */
export interface RehearsedCause {
  readonly step: string | null;
  readonly outcome: 'refused' | 'unknown' | 'cancelled' | 'deadline' | 'error';
  readonly code: string;
}

/** What one run of a flow would do. */
export interface Rehearsal {
  readonly calls: readonly (RehearsedCall & { readonly came: Came })[];
  readonly end: SagaEnd;
  /** Null where it completed. */
  readonly cause: RehearsedCause | null;
  /** Whose undo is asked for, in that order: last started first, semantic locks after all others. */
  readonly undone: readonly string[];
  /** Steps past the point that wait for an operator on the way. */
  readonly parked: readonly string[];
  readonly result: unknown;
  /** Rules that the saga breaks, in words. */
  readonly wrong: readonly string[];
}
