import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { HttpRefusal, request } from './http-client.ts';

const servers: Server[] = [];
const serve = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
};
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

describe('request', () => {
  it('says what a problem document says, and does not repeat a no', async () => {
    let asked = 0;
    const url = await serve((_request, response) => {
      asked++;
      response.writeHead(422, { 'content-type': 'application/problem+json' }).end(
        JSON.stringify({
          type: 'urn:amends:invalid',
          title: 'The request is not of the published form',
          status: 422,
          errors: [{ path: 'lines.0.sku', message: 'too long' }],
        }),
      );
    });
    const refused = await request('POST', url, z.unknown(), {}).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(HttpRefusal);
    expect(refused).toMatchObject({
      status: 422,
      message: `POST ${url}: 422 The request is not of the published form; lines.0.sku: too long`,
    });
    expect(asked).toBe(1);
  });

  it('repeats what is answered later, or cut off', async () => {
    let asked = 0;
    const url = await serve((message, response) => {
      asked++;
      if (asked === 1) message.socket.destroy();
      else if (asked === 2) response.writeHead(503).end();
      else response.end('{"n": 1}');
    });
    await expect(request('GET', url, z.object({ n: z.int() }))).resolves.toEqual({ status: 200, body: { n: 1 } });
    expect(asked).toBe(3);
  });

  it('takes no answer of another form', async () => {
    const url = await serve((_request, response) => response.end('<html>'));
    await expect(request('GET', url, z.object({ n: z.int() }))).rejects.toThrow('not of the published form');
  });

  it('reads no more of an answer than the largest of ours, and does not ask for it again', async () => {
    let asked = 0;
    let left = false;
    const url = await serve((_request, response) => {
      asked++;
      const more = (): boolean => response.write('1'.repeat(1_000_000));
      response.on('drain', more).on('close', () => (left = true));
      more();
    });
    await expect(request('GET', url, z.unknown())).rejects.toThrow('the answer is over 16000000 bytes');
    await expect.poll(() => left).toBe(true);
    expect(asked).toBe(1);
  });

  it('says that nobody is there', async () => {
    const url = await serve(() => undefined);
    await new Promise((resolve) => servers.splice(0)[0]?.close(resolve));
    await expect(request('GET', url, z.unknown(), undefined, 1)).rejects.toThrow(/no answer \(connect ECONNREFUSED/);
  });
});
