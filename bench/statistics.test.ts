import { describe, expect, it } from 'vitest';
import { load } from './load.ts';
import { inTurns } from './run-bench.ts';
import { percentile, spreadOf } from './statistics.ts';

describe('percentiles and spread', () => {
  it('takes the nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, n) => 100 - n);
    expect([0.5, 0.95, 0.99, 1].map((share) => percentile(hundred, share))).toEqual([50, 95, 99, 100]);
    expect(percentile([7], 0.99)).toBe(7);
    expect(percentile([], 0.5)).toBeNaN();
  });

  it('takes the middle of an odd number of rounds, and the mean of two of an even one', () => {
    expect(spreadOf([9, 1, 5])).toEqual({ median: 5, min: 1, max: 9 });
    expect(spreadOf([4, 1, 2, 9])).toEqual({ median: 3, min: 1, max: 9 });
  });
});

describe('a load', () => {
  it('does each once, and never more at once than it is told', async () => {
    let [now, most] = [0, 0];
    const done: number[] = [];
    const { latenciesMs } = await load({ count: 20, atOnce: 3 }, async (n) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 2));
      now -= 1;
      done.push(n);
    });
    expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n));
    expect(most).toBe(3);
    expect(latenciesMs).toHaveLength(20);
  });

  it('takes the variants there and back', () => {
    expect([0, 1, 2].map((round) => inTurns(['a', 'b'], round).join(''))).toEqual(['ab', 'ba', 'ab']);
  });
});
