import { getEventListeners } from 'node:events';
import type { RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serveThings } from '../../../testing/fixtures/things-service.ts';
import { ANSWER_MAX_BYTES, createSender } from './send-request.ts';

const POST = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
const { signal } = new AbortController();
const usual = { attempt: 1, once: false, withinMs: 5_000, tooLate: () => {}, cancelled: signal };

const serve = async (listener: RequestListener): Promise<string> => {
  const { url, close } = await serveThings(listener);
  onTestFinished(close);
  return url;
};

describe('a request to a service', () => {
  it('goes over a connection that is kept; one that is sent once over its own', async () => {
    const sockets = new Set<Socket>();
    const connections: (string | undefined)[] = [];
    const url = await serve((request, answer) => {
      sockets.add(request.socket);
      connections.push(request.headers.connection);
      answer.end('{}');
    });
    const send = createSender();
    for (let times = 0; times < 3; times++) await send(url, POST, usual);
    expect(sockets.size).toBe(1);
    for (let times = 0; times < 2; times++) {
      await send(url, { ...POST, headers: { ...POST.headers, connection: 'close' } }, { ...usual, once: true });
    }
    expect(sockets.size).toBe(3);
    expect(connections).toEqual(['keep-alive', 'keep-alive', 'keep-alive', 'close', 'close']);
  });

  it('leaves nothing behind: no timer, and nobody who listens for a cancel', async () => {
    const url = await serve((_, answer) => answer.end('{}'));
    const send = createSender();
    await send(url, POST, usual);
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    for (let times = 0; times < 20; times++) await send(url, POST, { ...usual, withinMs: 600_000 });
    expect(timers()).toBeLessThan(before + 10);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('reads an answer that is packed: %s', async (encoding, pack) => {
    const answered = (text: string) => (_: unknown, answer: ServerResponse) =>
      answer.writeHead(200, { 'content-encoding': encoding }).end(pack(text));
    const send = createSender();
    expect(await send(await serve(answered('{"made":true}')), POST, usual)).toMatchObject({ body: '{"made":true}' });
    const bomb = await serve(answered('x'.repeat(ANSWER_MAX_BYTES + 1)));
    await expect(send(bomb, POST, usual)).rejects.toMatchObject({ type: 'Final' });
  });

  it.each([301, 302, 303, 307, 308])('follows no redirect, wherever it leads: %i', async (status) => {
    let asked = 0;
    const url = await serve((_, answer) => {
      asked++;
      answer.writeHead(status, { location: '/elsewhere' }).end();
    });
    await expect(createSender()(url, POST, usual)).rejects.toMatchObject({
      type: 'Unavailable',
      message: `no answer from ${url}: it redirects elsewhere`,
    });
    expect(asked).toBe(1);
  });

  it.each(['127.0.0.1', 'localhost'])(
    'S2: a refused connection has sent nothing, which who sends once is told: %s',
    async (host) => {
      const { url, close } = await serveThings(() => {});
      close();
      const nobody = url.replace('127.0.0.1', host);
      const send = createSender();
      await expect(send(nobody, POST, usual)).rejects.toMatchObject({ type: 'Unavailable' });
      await expect(send(nobody, POST, { ...usual, once: true })).rejects.toMatchObject({
        type: 'NotSent',
        message: expect.stringContaining('ECONNREFUSED'),
      });
    },
  );

  it('S2: a connection that is lost, before or in the answer, is unavailable, also to who sends once', async () => {
    const lost = await serve((request) => request.socket.destroy());
    const cut = await serve((request, answer) => {
      answer.writeHead(200, { 'content-length': 100 }).write('{"made":');
      setTimeout(() => request.socket.destroy(), 20);
    });
    const send = createSender();
    for (const url of [lost, cut]) {
      await expect(send(url, POST, usual)).rejects.toMatchObject({ type: 'Unavailable' });
      await expect(send(url, POST, { ...usual, once: true })).rejects.toMatchObject({ type: 'Unavailable' });
    }
  });

  it('S2: an answer that has begun has to end in time too', async () => {
    const slow = await serve((_, answer) => void answer.writeHead(200).write('{"made":'));
    await expect(createSender()(slow, POST, { ...usual, withinMs: 200 })).rejects.toMatchObject({
      type: 'Unavailable',
      message: expect.stringContaining('no answer in time'),
    });
  });
});
