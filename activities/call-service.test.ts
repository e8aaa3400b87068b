import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { action, participant } from '../contracts/define.ts';
import type { ServiceAnswer, ServiceCall } from '../contracts/service-call.ts';
import { callService } from './call-service.ts';
import { traceParent } from './trace-parent.ts';

const things = participant({
  make: action({
    route: 'POST /things/{thingId}',
    input: z.object({ thingId: z.string() }),
    output: z.object({ made: z.boolean() }),
    undo: 'unmake',
    example: { input: { thingId: 't-1' }, output: { made: true } },
  }),
});

const call: ServiceCall = {
  op: 'do',
  service: 'things',
  action: 'make',
  key: 'makeThing:t-1/make',
  startedAt: '2026-01-01T00:00:00.000Z',
  input: { thingId: 'a/b' },
};

/** Calls a real HTTP server from the activity; what the server does is the test's. */
const ask = async (listener: RequestListener, asked: ServiceCall = call): Promise<ServiceAnswer> => {
  const server = createServer(listener);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const environment = new MockActivityEnvironment({ attempt: 2, startToCloseTimeoutMs: 800 });
  try {
    const activity = callService({ contracts: { things }, urls: { things: url }, serviceToken: 'secret' });
    return await environment.run(activity, asked);
  } finally {
    server.close();
    server.closeAllConnections();
  }
};

const operation = {
  key: call.key,
  saga: 'makeThing:t-1',
  step: 'make',
  instance: null,
  action: 'make',
  state: 'done',
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:00:00.000Z',
  answer: null,
};

describe('the activity that calls services', () => {
  it('asks by the contract, with key, start, credentials and trace', async () => {
    let heard: unknown;
    const answered = await ask((request, answer) => {
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
    expect(answered).toEqual({ answer: { made: true }, attempt: 2 });
    expect(heard).toEqual({
      method: 'POST',
      url: '/things/a%2Fb',
      key: call.key,
      started: call.startedAt,
      by: 'Bearer secret',
      trace: traceParent(call, 2),
    });
  });

  it('S2: a lost connection, and an answer that does not come in time, are later', async () => {
    await expect(ask((request) => request.socket.destroy())).rejects.toMatchObject({ type: 'Unavailable' });
    await expect(ask(() => {})).rejects.toMatchObject({
      type: 'Unavailable',
      message: expect.stringContaining('in time'),
    });
  });

  it('does not follow a redirect to somebody else', async () => {
    const redirected = ask((_, answer) => answer.writeHead(302, { location: 'http://127.0.0.1:1/' }).end());
    await expect(redirected).rejects.toMatchObject({ type: 'Unavailable' });
  });

  it('S15: an answer too large after its effect is unknown', async () => {
    const large = ask((_, answer) => answer.end(`{"made":true,"x":"${'x'.repeat(2_000_000)}"}`));
    await expect(large).rejects.toMatchObject({ type: 'Unknown', nonRetryable: true });
  });

  it('a contract that this worker does not know yet is later, not final: another may', async () => {
    const unknown = ask((_, answer) => answer.end('{}'), { ...call, service: 'nothings' });
    await expect(unknown).rejects.toMatchObject({ type: 'Unavailable', nonRetryable: false });
  });

  it('P10: reads a seal page by page to its end', async () => {
    const asked: (string | undefined)[] = [];
    const sealed = await ask(
      (request, answer) => {
        asked.push(request.url);
        const next = request.url?.includes('cursor') ? null : 'more?';
        answer.end(JSON.stringify({ saga: 'makeThing:t-1', sealed: true, items: [operation], next }));
      },
      { ...call, op: 'seal', action: '', key: 'makeThing:t-1', input: null },
    );
    expect(sealed.answer).toHaveLength(2);
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
      const asked = ask((_, answer) => answer.end(JSON.stringify({ ...operation, state })), { ...call, op });
      await expect(asked).rejects.toMatchObject({ type: 'Unknown', nonRetryable: true });
    },
  );

  it('P6: a done operation settled without its answer is unknown', async () => {
    const asked = ask((_, answer) => answer.end(JSON.stringify(operation)), { ...call, op: 'settle' });
    await expect(asked).rejects.toMatchObject({ type: 'Unknown' });
  });

  it('P10: a list of a saga that is not sealed is no seal', async () => {
    const list = { saga: 'makeThing:t-1', sealed: false, items: [], next: null };
    const asked = ask((_, answer) => answer.end(JSON.stringify(list)), {
      ...call,
      op: 'seal',
      action: '',
      key: 'makeThing:t-1',
    });
    await expect(asked).rejects.toMatchObject({ type: 'Unknown' });
  });

  it('P6: a stored answer is held to the contract like a fresh one', async () => {
    const settle = (body: unknown) =>
      ask((_, answer) => answer.end(JSON.stringify({ ...operation, answer: { status: 200, body } })), {
        ...call,
        op: 'settle',
      });
    expect((await settle({ made: true })).answer).toMatchObject({ state: 'done', answer: { body: { made: true } } });
    await expect(settle({ made: 'perhaps' })).rejects.toMatchObject({ type: 'Unknown' });
  });
});
