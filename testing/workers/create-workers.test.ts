import type { RequestListener } from 'node:http';
import { WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure, defaultPayloadConverter } from '@temporalio/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { FAILURES_TO_OPEN } from '../../packages/worker/src/activities/breaker.ts';
import { startLaneBench, type LaneBench } from '../lane-bench.ts';
import type { LaneCall } from '../lane-workflows.ts';
import { makeThing } from '../../packages/testing/fixtures/things-service.ts';

const SERVICE = 'things';
const call = { ...makeThing, service: SERVICE };
const fast: LaneCall = { lane: 'fast', type: 'makeThing', call };
const durable: LaneCall = { lane: 'durable', type: 'makeThing', call };

const made: RequestListener = (_, answer) => answer.end('{"made":true}');
const breaks: RequestListener = (_, answer) => answer.writeHead(500).end();

let bench: LaneBench;
beforeAll(async () => {
  bench = await startLaneBench(SERVICE);
});
afterAll(() => bench.close());
beforeEach(() => {
  bench.serve(made);
  bench.received.length = 0;
});

const causeOf = async (ended: Promise<unknown>): Promise<unknown> => {
  const error: unknown = await ended.then(() => undefined).catch((failure: unknown) => failure);
  return error instanceof WorkflowFailedError ? error.cause : error;
};

describe('the workers, on a real server', () => {
  it.each(['makeThing', 'undoWhatNobodyNamed', 'sealThings'])(
    'S17: %s is served by one function in both lanes: any activity type may be a step',
    async (type) => {
      expect(await bench.run({ ...fast, type })).toEqual([{ answer: { made: true }, attempt: 1 }]);
      expect(await bench.run({ ...durable, type })).toEqual([{ answer: { made: true }, attempt: 1 }]);
    },
  );

  it('S2: in the fast lane attempts are counted on from those before, and repeated within the task', async () => {
    bench.serve((request, answer) => (bench.received.length < 3 ? breaks : made)(request, answer));
    expect(await bench.run({ ...fast, call: { ...call, attemptsBefore: 2 } })).toMatchObject([{ attempt: 5 }]);
    expect(bench.received).toHaveLength(3);
  });

  it('S2: a Retry-After ends the fast lane at once, and its time reaches the workflow', async () => {
    bench.serve((_, answer) => answer.writeHead(503, { 'retry-after': '7' }).end());
    expect(await causeOf(bench.run(fast))).toMatchObject({ type: 'Unavailable', details: [1, { retryInMs: 7_000 }] });
    expect(bench.received).toHaveLength(1);
  });

  // a machine that stands still for a quarter of a second leaves it to Temporal
  it('S2: in the fast lane an attempt of 1 s tells itself that no answer came', { retry: 3 }, async () => {
    bench.serve(() => {});
    const ended = bench.run({ ...fast, attemptMs: 1_000, budgetMs: 1_000 });
    expect(await causeOf(ended)).toMatchObject({
      type: 'Unavailable',
      message: expect.stringContaining('no answer in time'),
    });
  });

  it('S2: in the durable lane an attempt of 1 s tells itself that no answer came', async () => {
    bench.serve(() => {});
    const handle = await bench.start({ ...durable, attemptMs: 1_000 });
    const lastFailure = async () => (await handle.describe()).raw.pendingActivities?.[0]?.lastFailure?.message;
    await vi.waitFor(async () => expect(await lastFailure()).toContain('no answer in time'), { timeout: 15_000 });
    await handle.terminate('a test');
  });

  it.each([fast, durable])('S4: a cancel in the $lane lane aborts the request, and is waited for', async (asked) => {
    let closed = 0;
    bench.serve((request) => {
      request.socket.on('close', () => {
        closed++;
      });
    });
    const handle = await bench.start({ ...asked, attemptMs: 20_000, budgetMs: 20_000 });
    await vi.waitFor(() => expect(bench.received).toHaveLength(1), { timeout: 5_000 });
    await handle.cancel();
    expect(await causeOf(handle.result())).toBeInstanceOf(CancelledFailure);
    expect(closed).toBe(1);
    expect(bench.received).toHaveLength(1);
  });

  it('S2: what an open breaker held back shows as such while it is pending, and is counted as no attempt', async () => {
    bench.serve(breaks);
    const rounds = Array.from({ length: Math.ceil(FAILURES_TO_OPEN / 3) }, () => causeOf(bench.run(fast)));
    await Promise.all(rounds);
    bench.received.length = 0;

    const handle = await bench.start(durable);
    const heldBack = async () => {
      const { raw } = await handle.describe();
      const [pending] = raw.pendingActivities ?? [];
      const details = pending?.heartbeatDetails?.payloads?.[0];
      const { notSent } = details ? defaultPayloadConverter.fromPayload<{ notSent: number }>(details) : { notSent: 0 };
      return { notSent, attempt: pending?.attempt ?? 1, failure: pending?.lastFailure?.message };
    };
    await vi.waitFor(async () => expect((await heldBack()).notSent).toBeGreaterThan(1), {
      timeout: 20_000,
      interval: 20,
    });
    const { notSent, attempt, failure } = await heldBack();
    expect(failure).toMatch(/not sent|answered 500/);
    // the pending attempt may be sent, or on its way
    expect(attempt - notSent - bench.received.length).toBeLessThanOrEqual(1);
    bench.serve(made);
    const [answered] = await handle.result();
    expect(answered?.attempt).toBe(bench.received.length);
  });
});
