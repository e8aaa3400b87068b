import { THREAD_KINDS } from './cpu.ts';
import { PROCESS_KINDS, type Report, type Result } from './measurement.ts';
import type { Spread } from './statistics.ts';
import { VARIANT } from './variants.ts';

/** `12.3 (11.0 to 14.2)` */
const withSpread = ({ median, min, max }: Spread, digits = 1): string =>
  `${median.toFixed(digits)} (${min.toFixed(digits)} to ${max.toFixed(digits)})`;
const ms = ({ median }: Spread): string => median.toFixed(1);
const count = (value: number | undefined): string =>
  value === undefined ? '–' : value.toFixed(value % 1 === 0 ? 0 : 1);

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map((_, at) => (at === 0 ? '---' : '---:'))), ...rows.map(row)].join('\n');

/** How many times what is written by hand takes; of itself it is 1. */
const ratio = (value: Spread, base: Spread | undefined): string =>
  base === undefined ? '–' : (value.median / base.median).toFixed(2);

const group = (results: readonly Result[]): string => {
  const base = results.find(({ variant }) => variant === 'by-hand');
  const named = (cellsOf: (result: Result) => readonly string[]) =>
    results.map((result) => [VARIANT[result.variant].title, ...cellsOf(result)]);
  const speed = tableOf(
    [
      'variant',
      'sagas/s',
      '× by hand',
      'p50 ms',
      'p95 ms',
      'p99 ms',
      'orchestration CPU ms',
      '× by hand',
      'all CPU ms',
    ],
    named((one) => [
      withSpread(one.sagasPerSecond),
      ratio(one.sagasPerSecond, base?.sagasPerSecond),
      withSpread(one.p50Ms, 0),
      withSpread(one.p95Ms, 0),
      withSpread(one.p99Ms, 0),
      withSpread(one.orchestrationMs),
      ratio(one.orchestrationMs, base?.orchestrationMs),
      withSpread(one.allMs),
    ]),
  );
  const cpu = tableOf(
    ['CPU ms a saga', ...PROCESS_KINDS, ...THREAD_KINDS.map((kind) => `workers: ${kind}`)],
    named(({ cpuMs, threadsMs }) => [
      ...PROCESS_KINDS.map((kind) => ms(cpuMs[kind])),
      ...THREAD_KINDS.map((kind) => (threadsMs === null ? '–' : ms(threadsMs[kind]))),
    ]),
  );
  const counts = tableOf(
    ['a saga in Temporal', 'history events', 'workflow tasks', 'state transitions', 'history bytes'],
    named(({ counts: found }) =>
      [found?.events, found?.workflowTasks, found?.stateTransitions, found?.bytes].map(count),
    ),
  );
  return [speed, cpu, counts].join('\n\n');
};

/** Each case with each number at once, in the order in which they were measured. */
export const groupsOf = (results: readonly Result[]): readonly (readonly [string, readonly Result[]])[] => {
  const groups = new Map<string, readonly Result[]>();
  for (const result of results) {
    const title = `${result.of}, ${result.atOnce} at once`;
    groups.set(title, [...(groups.get(title) ?? []), result]);
  }
  return [...groups];
};

/** The report in Markdown. */
export const tablesOf = ({ at, machine, load, command, results }: Report): string => {
  const groups = groupsOf(results);
  return [
    '# What a saga costs',
    `\`${command}\`, ${at}. ${machine}. Load of the machine (one minute) as it began and ended: ${load.map((one) => one.toFixed(1)).join(', ')}.`,
    'Medians of the rounds, with the smallest and the largest in brackets; the variants took turns. Orchestration is all but services, card ' +
      'provider and PostgreSQL. A latency of a cancelled order holds the second before its cancel, and, where the call under way is waited for, the eight that the card takes.',
    ...groups.map(([title, of]) => `## ${title} (${of[0]?.rounds} rounds)\n\n${group(of)}`),
    '',
  ].join('\n\n');
};
