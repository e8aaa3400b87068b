import type { Reason } from './unkept.ts';

/** What came of one promise for one action, or for the service as a whole. */
export interface Row {
  readonly promise: string;
  /** null: the service as a whole. */
  readonly action: string | null;
  readonly result: 'pass' | 'fail' | 'skipped';
  readonly failures: readonly ({ readonly check: string } & Reason)[];
  /** What could not be looked at, and why; the rest of the row was. */
  readonly skipped: readonly { readonly check: string; readonly reason: string }[];
}

export interface Report {
  readonly url: string;
  readonly rows: readonly Row[];
  /** Actions whose effects the file does not say how to count: they are judged by their answers alone. */
  readonly uncounted: readonly string[];
}

/** Nothing failed. */
export const isKept = ({ rows }: Report): boolean => rows.every(({ result }) => result !== 'fail');
