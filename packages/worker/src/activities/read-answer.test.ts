import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readAnswer, RETRY_AFTER_CAP_MS, type Received } from './read-answer.ts';

const asked = { op: 'do', attempt: 3, read: (body: unknown) => body } as const;

const problemOf = (type: string, status: number, detail = 'in words'): Received => ({
  status,
  body: JSON.stringify({ type, title: 'a title', status, detail }),
  retryAfter: null,
});

const failureOf = (received: Received, op: 'do' | 'undo' | 'settle' | 'seal' = 'do'): ApplicationFailure => {
  try {
    readAnswer(received, { ...asked, op });
  } catch (error) {
    if (error instanceof ApplicationFailure) return error;
  }
  throw new Error('it did not fail');
};

describe('an answer of a service', () => {
  it('S2: 2xx is done', () => {
    expect(readAnswer({ status: 201, body: '{"id":"r-1"}', retryAfter: null }, asked)).toEqual({ id: 'r-1' });
    expect(readAnswer({ status: 204, body: '', retryAfter: null }, asked)).toBeNull();
  });

  it('P8: a problem of type refused:<code> is a no, whatever its status', () => {
    for (const status of [409, 422, 503]) {
      expect(failureOf(problemOf('urn:amends:refused:out-of-stock', status))).toMatchObject({
        type: 'Refused',
        nonRetryable: true,
        category: 'BENIGN',
        details: [3, { code: 'out-of-stock', message: 'in words' }],
      });
    }
  });

  it.each(['blocked', 'undone', 'sealed'])('P8: %s is a no', (type) => {
    expect(failureOf(problemOf(`urn:amends:${type}`, 409))).toMatchObject({ type: 'Refused', nonRetryable: true });
  });

  it('P11: expired is a no to do, and final to undo, settle and seal: it parks at once', () => {
    expect(failureOf(problemOf('urn:amends:expired', 410)).type).toBe('Refused');
    for (const op of ['undo', 'settle', 'seal'] as const) {
      expect(failureOf(problemOf('urn:amends:expired', 410), op)).toMatchObject({
        type: 'Final',
        nonRetryable: true,
      });
    }
  });

  it('S6: a refused undo is final: it parks at once, and is not asked again', () => {
    for (const why of ['no-undo', 'reserved']) {
      const refusal = problemOf(`urn:amends:undo-refused:${why}`, 409);
      expect(failureOf(refusal, 'undo')).toMatchObject({ type: 'Final', nonRetryable: true });
    }
  });

  it.each([
    ['in-flight', 409],
    ['busy', 503],
    ['unavailable', 503],
    ['internal', 500],
  ])('S2: %s (%i) is later', (type, status) => {
    expect(failureOf(problemOf(`urn:amends:${type}`, status))).toMatchObject({
      type: 'Unavailable',
      nonRetryable: false,
    });
  });

  it.each([408, 425, 429, 500, 502, 504])('S2: a bare %i is later', (status) => {
    expect(failureOf({ status, body: '<html>', retryAfter: null }).type).toBe('Unavailable');
  });

  it.each([
    ['urn:amends:key-mismatch', 422],
    ['urn:amends:unauthorized', 401],
    ['urn:amends:not-found', 404],
    ['urn:somebody:refused:declined', 409],
    ['about:blank', 422],
  ])('S2: %s (%i) is unknown: never taken for a no', (type, status) => {
    expect(failureOf(problemOf(type, status))).toMatchObject({ type: 'Unknown', nonRetryable: true });
  });

  const output = z.object({ reservationId: z.string() });
  const readWith =
    (schema: z.ZodType) =>
    (body: string, status = 200) =>
      readAnswer({ status, body, retryAfter: null }, { ...asked, read: (json) => schema.parse(json) });

  it.each(['{"half":', '<html>welcome</html>', '', '\uFEFF', 'OK'])(
    'S2: a 2xx with a body that cannot be read (%j) is later, like a broken connection',
    (body) => {
      expect(() => readWith(output)(body)).toThrow(
        expect.objectContaining({ type: 'Unavailable', nonRetryable: false }) as Error,
      );
    },
  );

  it('S2: one that was cut off is not taken for the null that was agreed', () => {
    expect(readWith(z.null())('')).toBeNull();
    expect(() => readWith(z.null())('{"half":')).toThrow(expect.objectContaining({ type: 'Unavailable' }) as Error);
  });

  it.each(['{}', 'null', '[]', '{"reservationId":7}', '{"error":"no"}'])(
    'S2: a 2xx that can be read and says something else than was agreed (%s) is unknown at once',
    (body) => {
      expect(() => readWith(output)(body)).toThrow(
        expect.objectContaining({ type: 'Unknown', nonRetryable: true }) as Error,
      );
    },
  );

  it('what a service said is in the error, cut short, without control characters or turned writing', () => {
    const said = failureOf({
      status: 404,
      body: '{"error":"no such member \u001b[31m\u202Ered"}\r\n',
      retryAfter: null,
    });
    expect(said).toMatchObject({ type: 'Unknown', message: 'answered 404: {"error":"no such member  [31m red"} ' });
    expect(failureOf({ status: 404, body: 'x'.repeat(100_000), retryAfter: null }).message.length).toBeLessThan(600);
  });

  it('S2: a 2xx that is not what was agreed is unknown: something has happened', () => {
    const read = (): never => {
      throw new Error('no reservationId');
    };
    expect(() => readAnswer({ status: 200, body: '{}', retryAfter: null }, { ...asked, read })).toThrow('not agreed');
  });

  it('S2: Retry-After is honoured, in seconds or as a date, up to a cap', () => {
    const later = (retryAfter: string) =>
      failureOf({ ...problemOf('urn:amends:busy', 503), retryAfter }).nextRetryDelay;
    expect(later('2')).toBe(2_000);
    expect(later('86400')).toBe(RETRY_AFTER_CAP_MS);
    expect(later(new Date(Date.now() + 5_000).toUTCString())).toBeGreaterThan(3_000);
    expect(later('soon')).toBeUndefined();
  });

  it('S2: Retry-After never eats up the budget: another attempt must still fit', () => {
    const busy = { ...problemOf('urn:amends:busy', 503), retryAfter: '20' };
    expect(() => readAnswer(busy, { ...asked, patienceMs: 4_000 })).toThrow(
      expect.objectContaining({ nextRetryDelay: 4_000 }),
    );
  });

  it('a service that talks too much is cut short before it reaches the history', () => {
    expect(failureOf(problemOf('urn:amends:refused:x', 409, 'y'.repeat(100_000))).message.length).toBeLessThan(1_000);
  });
});
