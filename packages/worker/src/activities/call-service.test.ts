import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, it } from 'vitest';
import type { SealedPart } from '../../../contracts/src/service-call.ts';
import {
  askThings,
  madeThing,
  makeThing,
  oneAttempt,
  serveThings,
  wiringOf,
} from '../../../testing/fixtures/things-service.ts';
import { callService } from './call-service.ts';
import { thisAttempt } from './attempt.ts';

describe('the activity that calls services', () => {
  it('asks by the contract, with key, start and credentials, and makes up no trace', async () => {
    let heard: unknown;
    const things = await serveThings((request, answer) => {
      const { method, url, headers } = request;
      heard = {
        method,
        url,
        key: headers['idempotency-key'],
        started: headers['saga-started'],
        by: headers.authorization,
        trace: headers['traceparent'],
      };
      answer.end('{"made":true}');
    });
    const activity = callService(wiringOf(things.url, { serviceToken: 'secret' }));
    expect(await oneAttempt(activity, makeThing, { attempt: 2 }).ended).toEqual({ answer: { made: true }, attempt: 2 });
    things.close();
    expect(heard).toEqual({
      method: 'POST',
      url: '/things/a%2Fb',
      key: makeThing.key,
      started: makeThing.startedAt,
      by: 'Bearer secret',
      trace: undefined,
    });
  });

  it('S2: a lost connection, and an answer that does not come in time, are later', async () => {
    await expect(askThings((request) => request.socket.destroy())).rejects.toMatchObject({ type: 'Unavailable' });
    await expect(askThings(() => {}, makeThing, { startToCloseTimeoutMs: 400 })).rejects.toMatchObject({
      type: 'Unavailable',
      message: expect.stringContaining('in time'),
    });
  });

  it('does not follow a redirect to somebody else', async () => {
    const redirected = askThings((_, answer) => answer.writeHead(302, { location: 'http://127.0.0.1:1/' }).end());
    await expect(redirected).rejects.toMatchObject({ type: 'Unavailable' });
  });

  it('S2: attempts are counted across both lanes, in answers and in failures', async () => {
    const call = { ...makeThing, attemptsBefore: 3 };
    const made = (_: unknown, answer: ServerResponse) => answer.end('{"made":true}');
    expect(await askThings(made, call, { attempt: 2 })).toMatchObject({ attempt: 5 });
    const refuses = (_: unknown, answer: ServerResponse) =>
      answer.writeHead(409).end('{"type":"urn:amends:refused:no"}');
    await expect(askThings(refuses, call, { attempt: 2 })).rejects.toMatchObject({ type: 'Refused', details: [5, {}] });
    const breaks = (_: unknown, answer: ServerResponse) => answer.writeHead(500).end();
    await expect(askThings(breaks, call)).rejects.toMatchObject({ type: 'Unavailable', details: [4] });
    await expect(askThings(breaks, call, { isLocal: true })).rejects.toMatchObject({ details: [4] });
  });

  it.each([
    [5_000, 4_750],
    [1_000, 750],
    [40, 30],
  ])('S2: an attempt of %i ms gives up after %i, in its own words, before Temporal ends it', async (length, limit) => {
    const info = { startToCloseTimeoutMs: length, scheduleToCloseTimeoutMs: 60_000 };
    expect(await new MockActivityEnvironment(info).run(async () => thisAttempt(makeThing).limitMs)).toBe(limit);
  });

  it('S2: an attempt that begins late ends within the budget of its call', async () => {
    const now = Date.now();
    const asked = askThings(() => {}, makeThing, {
      scheduleToCloseTimeoutMs: 10_000,
      scheduledTimestampMs: now - 9_500,
      currentAttemptScheduledTimestampMs: now - 100,
    });
    await expect(asked).rejects.toMatchObject({ message: expect.stringContaining('in time') });
    expect(Date.now() - now).toBeLessThan(3_000);
  });

  it('S2: a clock that is wrong does not cut attempts short', async () => {
    const ahead = Date.now() - 3_600_000;
    const slow = (_: unknown, answer: ServerResponse) => setTimeout(() => answer.end('{"made":true}'), 300);
    const asked = askThings(slow, makeThing, {
      scheduleToCloseTimeoutMs: 10_000,
      scheduledTimestampMs: ahead,
      currentAttemptScheduledTimestampMs: ahead,
    });
    expect(await asked).toMatchObject({ attempt: 1 });
  });

  it.each([true, false])(
    'S4: a cancelled attempt ends as cancelled, and its request with it (local: %s)',
    async (isLocal) => {
      let aborted = false;
      let came: () => void;
      const asking = new Promise<void>((resolve) => {
        came = resolve;
      });
      const things = await serveThings((request) => {
        request.socket.on('close', () => {
          aborted = true;
        });
        came();
      });
      const { ended, environment } = oneAttempt(callService(wiringOf(things.url)), makeThing, {
        isLocal,
        startToCloseTimeoutMs: 60_000,
        scheduleToCloseTimeoutMs: 60_000,
      });
      const failure = ended.catch((error: unknown) => error);
      await asking;
      environment.cancel();
      expect(await failure).toBeInstanceOf(CancelledFailure);
      await pause(50);
      expect(aborted).toBe(true);
      things.close();
    },
  );

  it('S15: an answer too large after its effect is final, and told apart', async () => {
    const large = askThings((_, answer) => answer.end(`{"made":true,"x":"${'x'.repeat(2_000_000)}"}`));
    await expect(large).rejects.toMatchObject({ type: 'Final', nonRetryable: true, details: [1] });
  });

  it('S2: a failure is read by its status however much the service says of it', async () => {
    const wordy = askThings((_, answer) => answer.writeHead(503).end('x'.repeat(2_000_000)));
    await expect(wordy).rejects.toMatchObject({ type: 'Unavailable', nonRetryable: false });
  });

  it('S15 S20: a seal of any length is answered in parts that the history takes, each with the cursor of the next', async () => {
    const pages = 15;
    const list = (_: IncomingMessage, answer: ServerResponse) => {
      const at = Number(/cursor=(\d+)/.exec(_.url ?? '')?.[1] ?? 0);
      const items = Array.from({ length: 1_000 }, (__, n) => ({ ...madeThing, key: `${makeThing.key}:${at}.${n}` }));
      answer.end(
        JSON.stringify({ saga: 'makeThing:t-1', sealed: true, items, next: at + 1 < pages ? String(at + 1) : null }),
      );
    };
    const keys = new Set<string>();
    for (let cursor: string | null = null, parts = 0; parts < pages + 1; parts++) {
      const call = { ...makeThing, op: 'seal', action: '', key: 'makeThing:t-1', input: cursor } as const;
      const answer = (await askThings(list, call)).answer as SealedPart;
      expect(JSON.stringify(answer).length).toBeLessThan(500_000);
      for (const { key } of answer.items) keys.add(key);
      cursor = answer.next;
      if (cursor === null) break;
    }
    expect(keys.size).toBe(pages * 1_000);
  });

  it("S6: an undo carries an operator's corrected input, and no body without one", async () => {
    const bodies: unknown[] = [];
    const undo = (input: unknown) =>
      askThings(
        (request, answer) => {
          const chunks: Buffer[] = [];
          request.on('data', (chunk: Buffer) => chunks.push(chunk));
          request.on('end', () => {
            bodies.push(Buffer.concat(chunks).toString());
            answer.end(JSON.stringify({ ...madeThing, state: 'undone' }));
          });
        },
        { ...makeThing, op: 'undo', input },
      );
    await undo(null);
    await undo({ amount: 5 });
    expect(bodies).toEqual(['', '{"amount":5}']);
  });

  it('a contract that this worker does not know yet is later, not final: another may', async () => {
    const unknown = askThings((_, answer) => answer.end('{}'), { ...makeThing, service: 'nothings' });
    await expect(unknown).rejects.toMatchObject({ type: 'Unavailable', nonRetryable: false });
  });

  it.each<[string, number, string]>([
    ['a route that is not there', 404, '{}'],
    ['a refusal', 409, '{"type":"urn:amends:refused:not-here"}'],
    ['an answer that was not agreed', 200, '{"items":7}'],
  ])('S6: what is asked for until it is answered is asked again: %s', async (_, status, body) => {
    const seal = { ...makeThing, op: 'seal', action: '', key: 'makeThing:t-1', input: null } as const;
    const says = (_request: unknown, answer: ServerResponse) => answer.writeHead(status).end(body);
    await expect(askThings(says, seal)).rejects.toMatchObject({ nonRetryable: true });
    const asked = askThings(says, { ...seal, untilAnswered: true, attemptsBefore: 6 });
    await expect(asked).rejects.toMatchObject({ type: 'Unavailable', nonRetryable: false, details: [7] });
  });

  it('P10: reads a seal page by page to its end', async () => {
    const asked: (string | undefined)[] = [];
    const sealed = await askThings(
      (request, answer) => {
        asked.push(request.url);
        const next = request.url?.includes('cursor') ? null : 'more?';
        answer.end(JSON.stringify({ saga: 'makeThing:t-1', sealed: true, items: [madeThing], next }));
      },
      { ...makeThing, op: 'seal', action: '', key: 'makeThing:t-1', input: null },
    );
    expect(sealed.answer).toMatchObject({ items: [{}, {}], next: null });
    expect(asked).toEqual(['/saga-operations/seal', '/saga-operations/seal?cursor=more%3F']);
  });

  it.each([
    ['settle', 'pending'],
    ['settle', 'undoing'],
    ['undo', 'done'],
    ['undo', 'pending'],
  ] as const)(
    'P6 P8: %s that answers 200 with an operation still %s is unknown, never taken for success',
    async (op, state) => {
      const asked = askThings((_, answer) => answer.end(JSON.stringify({ ...madeThing, state })), { ...makeThing, op });
      await expect(asked).rejects.toMatchObject({ type: 'Unknown', nonRetryable: true });
    },
  );

  it('P6: a done operation settled without its answer is unknown', async () => {
    const asked = askThings((_, answer) => answer.end(JSON.stringify(madeThing)), { ...makeThing, op: 'settle' });
    await expect(asked).rejects.toMatchObject({ type: 'Unknown' });
  });

  it('P10: a list of a saga that is not sealed is no seal', async () => {
    const list = { saga: 'makeThing:t-1', sealed: false, items: [], next: null };
    const asked = askThings((_, answer) => answer.end(JSON.stringify(list)), {
      ...makeThing,
      op: 'seal',
      action: '',
      key: 'makeThing:t-1',
    });
    await expect(asked).rejects.toMatchObject({ type: 'Unknown' });
  });

  it('P6: a stored answer is held to the contract like a fresh one', async () => {
    const settle = (body: unknown) =>
      askThings((_, answer) => answer.end(JSON.stringify({ ...madeThing, answer: { status: 200, body } })), {
        ...makeThing,
        op: 'settle',
      });
    expect((await settle({ made: true })).answer).toMatchObject({ state: 'done', answer: { body: { made: true } } });
    await expect(settle({ made: 'perhaps' })).rejects.toMatchObject({ type: 'Unknown' });
  });
});
