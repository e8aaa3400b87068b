import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { shopConfig } from '../../testing/the-shop.ts';
import { createScreen } from '../../packages/amends/src/cli/screen.ts';
import { runRebuild } from './run-rebuild.ts';

/** What the command prints, or says on its way out, when the orders service answers so. */
const told = async (answer: RequestListener, terminal = false): Promise<string> => {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const config = shopConfig({
    ORDERS_URL: `http://127.0.0.1:${port}`,
    AMENDS_STATE_DIR: '/nowhere',
    SERVICE_TOKEN: 'a-token-of-16-characters',
  });
  const written: string[] = [];
  const screen = createScreen({
    write: (text) => written.push(text),
    ...(terminal && { isTTY: true, columns: 80, rows: 24 }),
  });
  await runRebuild({ config, screen }).catch((error: Error) => written.push(error.message));
  return written.join('');
};

const line = (news: object): string => `${JSON.stringify(news)}\n`;
const reading = line({ is: 'reading', done: 3, of: 9 });
const done = line({ is: 'done', events: 9, orders: 4, kept: 2, changed: 1 });

it('shows how it goes, and at the end what came of it; in pieces as they come', async () => {
  const text = await told((_, response) => {
    response.write(reading.slice(0, 10));
    setTimeout(() => response.end(reading.slice(10) + line({ is: 'keeping', done: 2 }) + done), 50);
  }, true);
  expect(text).toContain('3 of 9 events read\n');
  expect(text).toContain('2 events taken over that the stream does not hold\n');
  expect(text).toContain(
    '4 orders are shown from 9 events of the stream, and from 2 that it does not hold (any more).\n',
  );
  expect(text).toContain('1 were not as they should be, and are now.\n');
});

it('carries the token of the services', async () => {
  const text = await told(({ headers }, response) => {
    response.end(line({ is: 'failed', why: String(headers.authorization) }));
  });
  expect(text).toBe('The rebuild failed, and orders are shown as before: Bearer a-token-of-16-characters');
});

it.each([
  [
    'another is under way',
    (_: unknown, response: Parameters<RequestListener>[1]) => {
      const problem = { type: 'urn:amends:conflict', title: 'no', status: 409, detail: 'a rebuild is under way' };
      response.writeHead(409).end(JSON.stringify(problem));
    },
    'The orders service does not rebuild: 409 no; a rebuild is under way',
  ],
  [
    'the service goes away in the middle',
    (_: unknown, response: Parameters<RequestListener>[1]) => {
      response.write(reading);
      setTimeout(() => response.destroy(), 50);
    },
    'went away in the middle. Orders are shown as before; run it again.',
  ],
  [
    'it ends without having come to an end',
    (_: unknown, response: Parameters<RequestListener>[1]) => void response.end(reading),
    'went away in the middle. Orders are shown as before; run it again.',
  ],
])('says so when %s', async (_, answer, sentence) => {
  expect(await told(answer)).toContain(sentence);
});
