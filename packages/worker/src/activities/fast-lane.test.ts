import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { FAST_ANSWER_MAX_BYTES } from '../../../contracts/src/protocol/limits.ts';
import { askThings, makeThing, oneAttempt, serveThings, wiringOf } from '../../../testing/fixtures/things-service.ts';
import { callService } from './call-service.ts';
import { RETRY_AFTER_CAP_MS } from './read-answer.ts';

const FAST = { isLocal: true, attempt: 2 };
const call = { ...makeThing, attemptsBefore: 0 };

const later = (retryAfter?: string) => (_: unknown, answer: ServerResponse) => {
  answer.writeHead(503, { ...(retryAfter !== undefined && { 'retry-after': retryAfter }) });
  answer.end('{"type":"urn:amends:busy"}');
};

describe('the fast lane', () => {
  it('S2: never waits for a Retry-After, but hands over and says when to ask again', async () => {
    await expect(askThings(later('3'), call, FAST)).rejects.toMatchObject({
      type: 'Unavailable',
      nonRetryable: true,
      details: [2, { retryInMs: 3_000 }],
    });
  });

  it('S2: hands over a Retry-After that is a date, and one of a day up to the cap', async () => {
    const date = await askThings(later(new Date(Date.now() + 10_000).toUTCString()), call, FAST).catch(
      (error) => error,
    );
    expect(date.details[1].retryInMs).toBeGreaterThan(8_000);
    expect(date.details[1].retryInMs).toBeLessThanOrEqual(10_000);
    await expect(askThings(later('86400'), call, FAST)).rejects.toMatchObject({
      details: [2, { retryInMs: RETRY_AFTER_CAP_MS }],
    });
  });

  it('S2: tries again at once what failed without saying when', async () => {
    await expect(askThings(later(), call, FAST)).rejects.toMatchObject({
      type: 'Unavailable',
      nonRetryable: false,
      details: [2],
    });
    await expect(askThings((request) => request.socket.destroy(), call, FAST)).rejects.toMatchObject({
      nonRetryable: false,
      details: [2],
    });
  });

  it('S15: hands over an answer that is too large for one workflow task', async () => {
    const of = (bytes: number) => (_: unknown, answer: ServerResponse) =>
      answer.end(JSON.stringify({ made: true, of: 'x'.repeat(bytes) }));
    const large = of(FAST_ANSWER_MAX_BYTES);
    await expect(askThings(large, call, FAST)).rejects.toMatchObject({
      type: 'Unavailable',
      nonRetryable: true,
      details: [2, { retryInMs: 0 }],
    });
    expect(await askThings(large, call)).toMatchObject({ attempt: 1 });
    expect(await askThings(of(FAST_ANSWER_MAX_BYTES - 100), call, FAST)).toMatchObject({ attempt: 2 });
  });

  it('S15: bytes are counted, not characters', async () => {
    const wide = askThings(
      (_, answer) => answer.end(JSON.stringify({ made: true, of: 'ä'.repeat(FAST_ANSWER_MAX_BYTES / 2) })),
      call,
      FAST,
    );
    await expect(wide).rejects.toMatchObject({ nonRetryable: true });
  });

  it('has no heartbeats: the SDK has none for local activities', async () => {
    const slow = (_: unknown, answer: ServerResponse) => setTimeout(() => answer.end('{"made":true}'), 1_200);
    const beatsOf = async (isLocal: boolean): Promise<number> => {
      const things = await serveThings(slow);
      const { ended, beats } = oneAttempt(callService(wiringOf(things.url)), call, {
        isLocal,
        startToCloseTimeoutMs: 5_000,
        scheduleToCloseTimeoutMs: 5_000,
      });
      await ended;
      things.close();
      return beats.length;
    };
    expect(await beatsOf(false)).toBe(1);
    expect(await beatsOf(true)).toBe(0);
  });
});
