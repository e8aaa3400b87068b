import type { Report } from './report.ts';

/** What a part of the start is given: where it says how it goes on, and what calls it off. */
export interface Errand {
  readonly report: Report;
  readonly signal?: AbortSignal | undefined;
}
