import type { RequestListener } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ServiceCall } from '../../../contracts/src/service-call.ts';
import {
  makeThing,
  oneAttempt,
  serveThings,
  wiringOf,
  type AttemptInfo,
} from '../../../testing/fixtures/things-service.ts';
import { FAILURES_TO_OPEN, PAUSE_MS } from './breaker.ts';
import { callService } from './call-service.ts';

const made: RequestListener = (_, answer) => answer.end('{"made":true}');
const breaks: RequestListener = (_, answer) => answer.writeHead(500).end();
const says =
  (status: number, type: string): RequestListener =>
  (_, answer) =>
    answer.writeHead(status).end(JSON.stringify({ type: `urn:amends:${type}` }));

const PATIENT: AttemptInfo = { startToCloseTimeoutMs: 1_500, scheduleToCloseTimeoutMs: 60_000 };
const FAST: AttemptInfo = { ...PATIENT, isLocal: true };

let does: RequestListener;
let received: number;
let things: Awaited<ReturnType<typeof serveThings>>;
let activity: ReturnType<typeof callService>;
const log = { warn: vi.fn<(facts: unknown) => void>(), info: vi.fn<(facts: unknown) => void>() };

beforeEach(async () => {
  received = 0;
  things = await serveThings((request, answer) => {
    received++;
    does(request, answer);
  });
  activity = callService(wiringOf(things.url, { log }));
  vi.clearAllMocks();
});
afterEach(() => things.close());

const ask = (info: AttemptInfo = PATIENT, call: ServiceCall = makeThing) => oneAttempt(activity, call, info).ended;
const failure = async (asked: Promise<unknown>) => (await asked.catch((error: unknown) => error)) as { type: string };
const times = async (count: number, info?: AttemptInfo): Promise<void> => {
  for (let n = 0; n < count; n++) await failure(ask(info));
};
const openIt = async (): Promise<void> => {
  does = breaks;
  await times(FAILURES_TO_OPEN);
  received = 0;
};

describe('the breaker of a service', () => {
  it('S2: opens after failures in a row, whichever lane they came from, and then nothing is sent', async () => {
    does = breaks;
    await times(FAILURES_TO_OPEN - 1, FAST);
    expect(received).toBe(FAILURES_TO_OPEN - 1);
    await times(3);
    expect(received).toBe(FAILURES_TO_OPEN);
    expect(log.warn).toHaveBeenCalledTimes(1);
    expect(log.warn.mock.calls[0]?.[0]).toMatchObject({ service: 'things' });
  });

  it.each<[string, RequestListener]>([
    ['5xx', says(503, 'unavailable')],
    ['a 429', says(429, 'unavailable')],
    ['a cut connection', (request) => request.socket.destroy()],
    ['a garbled answer', (_, answer) => answer.end('{"half":')],
  ])('S2: %s is a failure of the service', async (_, listener) => {
    does = listener;
    await times(FAILURES_TO_OPEN);
    expect(await failure(ask())).toMatchObject({ message: expect.stringContaining('not sent') });
  });

  it('S2: no answer in time is a failure of the service, but not to an attempt that could hardly wait', async () => {
    does = () => {};
    const waits = async (startToCloseTimeoutMs: number) => {
      await Promise.all(
        Array.from({ length: FAILURES_TO_OPEN }, () => failure(ask({ ...PATIENT, startToCloseTimeoutMs }))),
      );
      received = 0;
      await failure(ask({ ...PATIENT, startToCloseTimeoutMs: 800 }));
      return received;
    };
    expect(await waits(800)).toBe(1);
    expect(await waits(1_500)).toBe(0);
  });

  it.each<[string, RequestListener]>([
    ['a refusal, even with a 5xx', says(503, 'refused:declined')],
    ['in flight', says(409, 'in-flight')],
    ['404', says(404, 'not-found')],
    ['an answer that was not agreed', (_, answer) => answer.end('{"other":1}')],
  ])('S2: %s is none: a service that says it answers', async (_, listener) => {
    does = breaks;
    await times(FAILURES_TO_OPEN - 1);
    does = listener;
    await failure(ask());
    does = breaks;
    await times(FAILURES_TO_OPEN - 1);
    received = 0;
    await failure(ask());
    expect(received).toBe(1);
  });

  it('S2: a cancelled attempt says nothing of the service', async () => {
    does = () => {};
    for (let n = 0; n < FAILURES_TO_OPEN; n++) {
      const { ended, environment } = oneAttempt(activity, makeThing, PATIENT);
      const cancelled = failure(ended);
      await pause(10);
      environment.cancel();
      await cancelled;
    }
    does = made;
    expect(await ask()).toMatchObject({ attempt: 1 });
  });

  it('S2: open, the fast lane hands over at once and says until when; no attempt is counted', async () => {
    await openIt();
    const handed = await failure(ask({ ...FAST, attempt: 2 }, { ...makeThing, attemptsBefore: 4 }));
    expect(handed).toMatchObject({
      type: 'Unavailable',
      nonRetryable: true,
      details: [5, { retryInMs: expect.any(Number) }],
    });
    const [, { retryInMs }] = (handed as unknown as { details: [number, { retryInMs: number }] }).details;
    expect(retryInMs).toBeGreaterThan(PAUSE_MS / 2);
    expect(retryInMs).toBeLessThanOrEqual(PAUSE_MS);
    expect(received).toBe(0);
  });

  it('S2: open, the durable lane is asked again when a probe may go; what was held back counts as no attempt', async () => {
    await openIt();
    const { ended, beats } = oneAttempt(
      activity,
      { ...makeThing, attemptsBefore: 3 },
      { ...PATIENT, attempt: 5, heartbeatDetails: { notSent: 2 } },
    );
    const held = await failure(ended);
    expect(held).toMatchObject({ type: 'Unavailable', nonRetryable: false, details: [5] });
    expect((held as unknown as { nextRetryDelay: number }).nextRetryDelay).toBeGreaterThan(PAUSE_MS / 2);
    expect(beats).toEqual([{ notSent: 3 }]);
    expect(received).toBe(0);

    await pause(PAUSE_MS);
    does = made;
    const info = { ...PATIENT, attempt: 6, heartbeatDetails: { notSent: 3 } };
    expect(await ask(info, { ...makeThing, attemptsBefore: 3 })).toMatchObject({ attempt: 6 });
  });

  it('S2: open, what may be sent but once is not sent, however little time is left, and that is said', async () => {
    await openIt();
    for (const info of [PATIENT, { ...PATIENT, scheduleToCloseTimeoutMs: 1_500 }]) {
      expect(await failure(ask(info, { ...makeThing, once: true }))).toMatchObject({
        type: 'NotSent',
        nonRetryable: true,
        details: [0, { retryInMs: expect.any(Number) as number }],
      });
    }
    expect(received).toBe(0);
  });

  it('S2: open, a durable call keeps its own back-off where that is longer', async () => {
    await openIt();
    const retryPolicy = { initialInterval: 500, backoffCoefficient: 2, maximumInterval: 10_000 };
    const later = async (attempt: number) =>
      ((await failure(ask({ ...PATIENT, attempt, retryPolicy }))) as unknown as { nextRetryDelay: number })
        .nextRetryDelay;
    expect(await later(1)).toBeGreaterThan(500);
    expect(await later(3)).toBe(2_000);
    expect(await later(9)).toBe(10_000);
    const short: AttemptInfo = { ...PATIENT, scheduleToCloseTimeoutMs: 5_000, retryPolicy };
    await failure(ask({ ...short, attempt: 3 }));
    expect(received).toBe(0);
    await failure(ask({ ...short, attempt: 4 }));
    expect(received).toBe(1);
  });

  it('S2: half open, one probe goes, the others are held back; an answer closes it', async () => {
    await openIt();
    await pause(PAUSE_MS);
    does = (request, answer) => setTimeout(() => made(request, answer), 200);
    const probe = ask();
    expect(await failure(ask(FAST))).toMatchObject({ message: expect.stringContaining('not sent') });
    expect(await probe).toMatchObject({ attempt: 1 });
    expect(received).toBe(1);
    expect(log.info).toHaveBeenCalledTimes(1);
    await ask(FAST);
    expect(received).toBe(2);
  });

  it('S2: a probe that fails, or is cancelled, keeps it open', async () => {
    await openIt();
    await pause(PAUSE_MS);
    await failure(ask());
    expect(received).toBe(1);
    await failure(ask());
    expect(received).toBe(1);
    await pause(PAUSE_MS);

    does = () => {};
    const { ended, environment } = oneAttempt(activity, makeThing, PATIENT);
    const cancelled = failure(ended);
    await pause(20);
    environment.cancel();
    await cancelled;
    expect(received).toBe(2);
    await failure(ask());
    expect(received).toBe(2);
    expect(log.warn).toHaveBeenCalledTimes(1);
    expect(log.info).not.toHaveBeenCalled();
  });

  it.each(['do', 'undo', 'settle', 'seal'] as const)(
    'S2: it uses up no budget: a %s that could not ask again after the pause is sent all the same',
    async (op) => {
      await openIt();
      const now = Date.now();
      const late: AttemptInfo = {
        startToCloseTimeoutMs: 1_500,
        scheduleToCloseTimeoutMs: 10_000,
        scheduledTimestampMs: now - 8_000,
        currentAttemptScheduledTimestampMs: now,
      };
      await failure(ask(late, { ...makeThing, op }));
      expect(received).toBe(1);
      await failure(ask(PATIENT, { ...makeThing, op }));
      expect(received).toBe(1);
    },
  );

  it('S2: the last attempt of a call tells of its service like any other', async () => {
    does = breaks;
    await times(FAILURES_TO_OPEN, { startToCloseTimeoutMs: 5_000, scheduleToCloseTimeoutMs: 4_000 });
    expect(await failure(ask())).toMatchObject({ message: expect.stringContaining('not sent') });
  });

  it('S2: each service has its own', async () => {
    await openIt();
    const { things: contract } = wiringOf(things.url).contracts;
    const both = callService({
      contracts: { things: contract as never, others: contract as never },
      urls: { things: things.url, others: things.url },
    });
    for (let n = 0; n < FAILURES_TO_OPEN; n++) await failure(oneAttempt(both, makeThing, PATIENT).ended);
    received = 0;
    does = made;
    expect(await oneAttempt(both, { ...makeThing, service: 'others' }, PATIENT).ended).toMatchObject({ attempt: 1 });
    await failure(oneAttempt(both, makeThing, PATIENT).ended);
    expect(received).toBe(1);
  });
});
