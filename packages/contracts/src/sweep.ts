/**
 * What a sweep has done: how many killed sagas it has begun to recover, and how many it could not; the next sweep tries those again.
 */
export interface Swept {
  readonly begun: number;
  readonly failed: number;
}
