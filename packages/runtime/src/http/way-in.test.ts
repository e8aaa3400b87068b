import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { pino, type Logger } from 'pino';
import { createHttpApp } from './app.ts';
import { readBody } from './body.ts';
import { serve } from './serve.ts';
import { reachOf, type Reach } from './this-machine.ts';

const Body = z.strictObject({ items: z.array(z.object({ n: z.int() })) });
const REQUEST_MS = 300;

let lines: string[];
let log: Logger;
let server: Awaited<ReturnType<typeof serve>>;

const start = async (reach?: Reach): Promise<void> => {
  lines = [];
  log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  const app = createHttpApp({ log, maxBodyBytes: 1_000_000, ready: async () => undefined, reach });
  app.post('/things', async (c) => c.json(await readBody(c, Body)));
  app.post('/go', (c) => c.json({ gone: true }));
  app.get('/things/:id', (c) => c.json({ id: c.req.param('id') }));
  const limits = { requestMs: REQUEST_MS, lookEveryMs: 50, connections: 20 };
  server = await serve(app, { host: '127.0.0.1', port: 0, limits });
};
beforeEach(() => start());
afterEach(() => server.close());

/** One request, byte for byte; what comes until the connection ends. */
const raw = async (text: string, { end = false } = {}): Promise<string> => {
  const socket = connect(server.port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => (answer += String(chunk)));
  socket.on('error', () => undefined);
  socket.write(text);
  if (end) setTimeout(() => socket.destroy(), 50);
  await once(socket, 'close');
  return answer;
};
const JSON_TYPE = 'Content-Type: application/json';
const ask = async (
  target: string,
  headers: readonly string[] = [],
  body = '',
): Promise<{ status: number; type: string }> => {
  const named = headers.some((header) => /^host:/i.test(header)) ? headers : ['Host: localhost', ...headers];
  const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  const answer = await raw([`${target} HTTP/1.1`, 'Connection: close', ...named, ...length, '', body].join('\r\n'));
  return {
    status: Number(answer.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length)),
    type: /urn:amends:([\w-]+)/.exec(answer)?.[1] ?? '',
  };
};
const OF_A_PAGE = ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: cors', 'Sec-Fetch-Dest: empty'];
const OF_A_LINK = ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document'];

describe('who may: a process without credentials, on loopback', () => {
  it.each(['localhost', 'localhost:8080', 'LOCALHOST', '127.0.0.1', '127.0.0.1:1', '[::1]', '[::1]:8080'])(
    'takes a request to %s',
    async (host) => expect(await ask('GET /things/1', [`Host: ${host}`])).toMatchObject({ status: 200 }),
  );

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.nip.io:8080',
    'localhost.',
    '0.0.0.0',
    '10.0.0.1',
    '[::2]',
  ])('answers 421 to a request to %s: a name may be pointed at this machine', async (host) => {
    expect(await ask('GET /things/1', [`Host: ${host}`])).toEqual({ status: 421, type: 'misdirected' });
    expect((await ask('GET /healthz', [`Host: ${host}`])).status).toBe(421);
    expect((await ask('GET /nothing', [`Host: ${host}`])).status).toBe(421);
  });

  it('looks at the host of a whole URL as well', async () => {
    expect((await ask('GET http://evil.example/things/1')).status).toBe(421);
    expect((await ask('GET http://localhost/things/1')).status).toBe(200);
  });

  it.each([
    ['a page that posts nothing', 'POST /go', OF_A_PAGE],
    ['a page that reads', 'GET /things/1', OF_A_PAGE],
    ['a page of another port of this machine', 'POST /go', ['Sec-Fetch-Site: same-site']],
    ['a form that navigates', 'POST /go', OF_A_LINK],
    ['a frame', 'GET /things/1', [...OF_A_LINK.slice(0, 2), 'Sec-Fetch-Dest: iframe']],
    ['an image', 'GET /things/1', ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: no-cors', 'Sec-Fetch-Dest: image']],
    ['a preflight', 'OPTIONS /things', OF_A_PAGE],
    ['a word that nobody knows', 'POST /go', ['Sec-Fetch-Site: elsewhere']],
    ['a page of an older browser', 'POST /go', ['Host: localhost', 'Origin: https://evil.example']],
    ['such a page of another port', 'POST /go', ['Host: localhost:1', 'Origin: http://localhost:2']],
    ['such a page without an origin to name', 'POST /go', ['Host: localhost', 'Origin: null']],
    ['Forwarded', 'GET /things/1', ['Forwarded: for=10.0.0.1']],
    ['X-Forwarded-For', 'GET /things/1', ['X-Forwarded-For: 10.0.0.1']],
    ['x-forwarded-anything', 'GET /things/1', ['x-forwarded-anything: 1']],
  ])('answers 403 to %s', async (_, target, headers) => {
    expect(await ask(target, headers)).toEqual({ status: 403, type: 'forbidden' });
  });

  it.each([
    ['a link that somebody follows', 'GET /things/1', OF_A_LINK],
    ['an address that somebody types', 'GET /things/1', ['Sec-Fetch-Site: none']],
    ['its own page', 'POST /go', ['Sec-Fetch-Site: same-origin']],
    ['its own page in an older browser', 'POST /go', ['Host: localhost:1', 'Origin: http://localhost:1']],
    ['no browser', 'POST /go', []],
  ])('takes a request of %s', async (_, target, headers) => {
    expect((await ask(target, headers)).status).toBe(200);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/json',
    'jsonp',
    '',
  ])('answers 415 to a body of type "%s"', async (type) => {
    const header = type === '' ? [] : [`Content-Type: ${type}`];
    expect(await ask('POST /things', header, '{"items":[]}')).toEqual({ status: 415, type: 'unsupported-type' });
  });

  it('answers 415 to a body in chunks without a type, and takes JSON by its type, and no body without one', async () => {
    const chunked = [
      'POST /things HTTP/1.1',
      'Host: localhost',
      'Connection: close',
      'Transfer-Encoding: chunked',
      '',
      '2\r\n{}\r\n0\r\n\r\n',
    ];
    expect(await raw(chunked.join('\r\n'))).toMatch(/^HTTP\/1.1 415/);
    for (const type of ['application/json', 'Application/JSON; charset=utf-8', 'application/merge-patch+json']) {
      expect((await ask('POST /things', [`Content-Type: ${type}`], '{"items":[]}')).status).toBe(200);
    }
    expect((await ask('POST /go')).status).toBe(200);
    expect((await ask('POST /go', ['Content-Type: text/plain', 'Content-Length: 0'])).status).toBe(200);
  });

  it('beyond loopback only the content types hold', async () => {
    await server.close();
    await start('network');
    const from = ['Host: amends.example', 'X-Forwarded-For: 10.0.0.1', ...OF_A_PAGE];
    expect((await ask('POST /go', from)).status).toBe(200);
    expect((await ask('POST /things', [...from, 'Content-Type: text/plain'], '{"items":[]}')).status).toBe(415);
    expect(['127.0.0.1', 'localhost', '127.0.1.1', '0.0.0.0', 'amends.example', '127.example'].map(reachOf)).toEqual([
      'this-machine',
      'this-machine',
      'this-machine',
      'network',
      'network',
      'network',
    ]);
  });
});

describe('an HTTP interface of ours', () => {
  it.each(['/things/%', '/things/%zz', '/things/%c3', '/%', '/things/1?a=%'])(
    'answers 400 to the malformed %s',
    async (path) => {
      expect(await ask(`GET ${path}`)).toEqual({ status: 400, type: 'bad-request' });
    },
  );

  it('answers 405 with Allow, HEAD included, and 404 where nothing is', async () => {
    const of = async (method: string, path: string) => {
      const { status, headers } = await fetch(`http://127.0.0.1:${server.port}${path}`, { method });
      return [status, headers.get('allow')];
    };
    expect(await of('DELETE', '/things/1')).toEqual([405, 'GET, HEAD']);
    expect(await of('PATCH', '/things')).toEqual([405, 'POST']);
    expect(await of('HEAD', '/things')).toEqual([405, 'POST']);
    expect(await of('HEAD', '/things/1')).toEqual([200, null]);
    expect(await of('GET', '/nothing')).toEqual([404, null]);
  });

  it('bounds what it says is wrong with a body, however much there is', async () => {
    const bodies = [
      { items: Array.from({ length: 9_000 }, () => 1) },
      { items: Array.from({ length: 400_000 }, () => 1) },
      Object.fromEntries(Array.from({ length: 9_000 }, (_, n) => [`x${n}`, 1])),
      { ['x'.repeat(500_000)]: 1, items: [] },
    ];
    for (const body of bodies) {
      const began = performance.now();
      const answer = await fetch(`http://127.0.0.1:${server.port}/things`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const text = await answer.text();
      expect([answer.status, text.length < 20_000, performance.now() - began < 1_000]).toEqual([422, true, true]);
      expect(text).toMatch(/urn:amends:invalid/);
    }
  });

  it('answers 422 to a body that is nested thousands of levels deep', async () => {
    const body = `{"items":${'['.repeat(7_000)}${']'.repeat(7_000)}}`;
    expect(await ask('POST /things', [JSON_TYPE], body)).toEqual({ status: 422, type: 'invalid' });
  });

  it('ends a request that is not whole in time, and a caller that leaves is no error', async () => {
    const half = ['POST /things HTTP/1.1', 'Host: localhost', JSON_TYPE, 'Content-Length: 100', '', '{"items":'].join(
      '\r\n',
    );
    const began = performance.now();
    expect(await raw(half)).toMatch(/^HTTP\/1.1 408/);
    expect(performance.now() - began).toBeLessThan(5_000);
    await raw(half, { end: true });
    const chunked = half
      .replace('Content-Length: 100', 'Transfer-Encoding: chunked')
      .replace(/\{.*$/, '9\r\n{"items":\r\n');
    await raw(chunked, { end: true });
    expect((await ask('GET /things/1')).status).toBe(200);
    expect(lines).toEqual([]);
  });

  it('closes connections beyond its bound, and goes on serving those that it has', async () => {
    const sockets = Array.from({ length: 20 }, () => connect(server.port, '127.0.0.1'));
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    const one = connect(server.port, '127.0.0.1');
    one.on('error', () => undefined);
    await once(one, 'close');
    for (const socket of sockets) socket.destroy();
    await expect.poll(() => ask('GET /things/1').then(({ status }) => status)).toBe(200);
  });
});
