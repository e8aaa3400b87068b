import { describe, expect, it } from 'vitest';
import { type Measured, type Report } from './measurement.ts';
import { plotOf } from './plot.ts';
import { summarize } from './summarize.ts';
import { tablesOf } from './table.ts';

const measured = (workers: number): Measured => ({
  sagas: 4,
  sagasPerSecond: 1_000 / workers,
  latenciesMs: [10, 20, 30, 40].map((ms) => ms * workers),
  cpuMs: { services: 20, 'card provider': 2, PostgreSQL: 18, Temporal: 5, NATS: 1, 'way in': 4, workers },
  threadsMs: { 'workflow thread': workers / 2, main: workers / 4, 'SDK core': 1, 'V8 and libuv': 0 },
});
const counts = { events: 14, workflowTasks: 1, stateTransitions: 3, bytes: 5_000 };
const cell = { of: 'happy', atOnce: 20 } as const;
const report: Report = {
  at: '2026-01-01T00:00:00.000Z',
  machine: 'a machine with <2> cores',
  load: [1, 2],
  command: 'npm run bench --',
  results: [
    summarize({ ...cell, variant: 'by-hand' }, [measured(10), measured(12), measured(11)], counts),
    summarize({ ...cell, variant: 'amends' }, [measured(21), measured(22), measured(24)], counts),
    summarize({ ...cell, variant: 'bare' }, [{ ...measured(0.5), threadsMs: null }], null),
  ],
};

describe('what a run is told as', () => {
  it('takes medians over the rounds, and what orchestration costs without services, card provider and PostgreSQL', () => {
    const [byHand] = report.results;
    expect(byHand).toMatchObject({
      rounds: 3,
      sagas: 12,
      p50Ms: { median: 220, min: 200, max: 240 },
      orchestrationMs: { median: 21, min: 20, max: 22 },
      allMs: { median: 61 },
    });
  });

  it('is a table in which each is compared with what is written by hand', () => {
    const tables = tablesOf(report);
    expect(tables).toContain('## happy, 20 at once (3 rounds)');
    const ours = tables.split('\n').find((line) => line.startsWith('| Amends |'));
    expect(ours).toBe(
      '| Amends | 45.5 (41.7 to 47.6) | 0.50 | 440 (420 to 480) | 880 (840 to 960) | 880 (840 to 960) | 32.0 (31.0 to 34.0) | 1.52 | 72.0 (71.0 to 74.0) |',
    );
    expect(tables).toContain('| Amends | 14 | 1 | 3 | 5000 |');
    expect(tables).toContain('| bare HTTP calls | – | – | – | – |');
    const lines = tables.split('\n').filter((line) => line.startsWith('|'));
    for (const line of lines) expect([10, 13, 6], line).toContain(line.split('|').length - 1);
  });

  it('is a plot with a title, a unit, and every bar inside of it', () => {
    const plot = plotOf(report);
    expect(plot).toContain('CPU a saga, in milliseconds');
    expect(plot).toContain('a machine with &lt;2&gt; cores');
    const bars = [...plot.matchAll(/<rect x="([\d.]+)" y="\d+" width="([\d.]+)" height="18"/g)];
    expect(bars).toHaveLength(3 * 7);
    for (const [, x, width] of bars) expect(Number(x) + Number(width)).toBeLessThan(900);
    // an XML reader would stumble over these
    expect(plot.match(/NaN|undefined|&(?!amp;|lt;|gt;|quot;)/)).toBeNull();
  });
});
