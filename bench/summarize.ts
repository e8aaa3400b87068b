import { THREAD_KINDS } from './cpu.ts';
import type { RunCounts } from './counts.ts';
import {
  NOT_ORCHESTRATION,
  PROCESS_KINDS,
  type Cell,
  type Measured,
  type ProcessKind,
  type Result,
} from './measurement.ts';
import { percentile, spreadOf } from './statistics.ts';

/** What a cell's rounds come to. */
export const summarize = (cell: Cell, rounds: readonly Measured[], counts: RunCounts | null): Result => {
  const over = (value: (round: Measured) => number) => spreadOf(rounds.map(value));
  const latency = (share: number) => over(({ latenciesMs }) => percentile(latenciesMs, share));
  const cpu = (kinds: readonly ProcessKind[]) => over(({ cpuMs }) => kinds.reduce((sum, kind) => sum + cpuMs[kind], 0));
  const threads = rounds.flatMap(({ threadsMs }) => (threadsMs === null ? [] : [threadsMs]));
  return {
    ...cell,
    rounds: rounds.length,
    sagas: rounds.reduce((sum, { sagas }) => sum + sagas, 0),
    sagasPerSecond: over(({ sagasPerSecond }) => sagasPerSecond),
    p50Ms: latency(0.5),
    p95Ms: latency(0.95),
    p99Ms: latency(0.99),
    cpuMs: Object.fromEntries(PROCESS_KINDS.map((kind) => [kind, cpu([kind])])) as Result['cpuMs'],
    allMs: cpu(PROCESS_KINDS),
    orchestrationMs: cpu(PROCESS_KINDS.filter((kind) => !NOT_ORCHESTRATION.includes(kind))),
    threadsMs:
      threads.length === 0
        ? null
        : (Object.fromEntries(
            THREAD_KINDS.map((kind) => [kind, spreadOf(threads.map((one) => one[kind]))]),
          ) as NonNullable<Result['threadsMs']>),
    counts,
  };
};
