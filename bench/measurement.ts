import type { Case } from './cases.ts';
import type { RunCounts } from './counts.ts';
import type { ThreadKind } from './cpu.ts';
import type { Spread } from './statistics.ts';
import type { VariantName } from './variants.ts';

/** The kinds of processes whose CPU time is told apart. */
export const PROCESS_KINDS = [
  'services',
  'card provider',
  'PostgreSQL',
  'Temporal',
  'NATS',
  'way in',
  'workers',
] as const;
export type ProcessKind = (typeof PROCESS_KINDS)[number];

/** What the orchestration costs: all but these. */
export const NOT_ORCHESTRATION: readonly ProcessKind[] = ['services', 'card provider', 'PostgreSQL'];

/** What is measured: a variant, with what befalls it, so many at once. */
export interface Cell {
  readonly variant: VariantName;
  readonly of: Case;
  readonly atOnce: number;
}

/** One cell in one round. CPU in ms a saga; latencies in ms. */
export interface Measured {
  readonly sagas: number;
  readonly sagasPerSecond: number;
  readonly latenciesMs: readonly number[];
  readonly cpuMs: Readonly<Record<ProcessKind, number>>;
  /** Of its workers; null of a variant that has none. */
  readonly threadsMs: Readonly<Record<ThreadKind, number>> | null;
}

/** A cell over all rounds: medians with their spread; percentiles of each round, and of these the same. */
export interface Result extends Cell {
  readonly rounds: number;
  /** In all rounds together. */
  readonly sagas: number;
  readonly sagasPerSecond: Spread;
  readonly p50Ms: Spread;
  readonly p95Ms: Spread;
  readonly p99Ms: Spread;
  /** CPU in ms a saga. */
  readonly cpuMs: Readonly<Record<ProcessKind, Spread>>;
  readonly allMs: Spread;
  readonly orchestrationMs: Spread;
  readonly threadsMs: Readonly<Record<ThreadKind, Spread>> | null;
  /** Null of a variant that has no run in Temporal. */
  readonly counts: RunCounts | null;
}

/** All that a run of the bench found, and on what. */
export interface Report {
  /** ISO 8601. */
  readonly at: string;
  readonly machine: string;
  /** Of one minute, when it began and when it ended. */
  readonly load: readonly [number, number];
  readonly command: string;
  readonly results: readonly Result[];
}
