import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLaneBench, type LaneBench } from '../lane-bench.ts';
import { makeThing } from '../../packages/testing/fixtures/things-service.ts';
import { calls } from '../../activities/index.ts';
import { limitOf } from '../../packages/worker/src/define-calls.ts';

const PROCESSES = 2;
const CALLS = 60;
const limit = { callsPerSecond: 10, callsAtOnce: 50 };

let bench: LaneBench;
beforeAll(async () => {
  bench = await startLaneBench('things', PROCESSES, limit);
});
afterAll(() => bench.close());

describe('the limit of a service', () => {
  it('S2: is held by the server: all processes together stay under it', async () => {
    const patient = { attemptMs: 60_000, budgetMs: 60_000 };
    await bench.run({ lane: 'durable', type: 'makeThing', call: makeThing, times: CALLS, ...patient });
    expect(bench.received).toHaveLength(CALLS);
    // held by each process for itself it would take half as long; a moment's burst is let through
    const [first = 0] = bench.received;
    expect((bench.received.at(-1) ?? 0) - first).toBeGreaterThan(((0.7 * CALLS) / limit.callsPerSecond) * 1_000);
  });

  it('is lower for notifications than for a usual service', () => {
    expect(limitOf(calls, 'notifications').callsPerSecond).toBeLessThan(
      limitOf(calls, 'a service of somebody').callsPerSecond,
    );
  });
});
