import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { action, outside } from '../packages/contracts/src/define.ts';

const Member = z.object({ member: z.string(), points: z.int() });

/** A loyalty system that somebody wrote long ago: it knows no keys, answers in text, and adds points each time it is asked. */
export const legacyPoints = outside({
  add: action({
    route: 'POST /points/add',
    input: Member,
    output: z.string().regex(/^OK \d+$/),
    refusals: { 'no-such-member': { when: 'nobody has that number' } },
    example: { input: { member: 'm-1', points: 300 }, output: 'OK 300' },
  }),
  take: action({
    route: 'POST /points/take',
    input: Member,
    output: z.string().regex(/^OK -?\d+$/),
    example: { input: { member: 'm-1', points: 300 }, output: 'OK 0' },
  }),
  setLevel: action({
    route: 'POST /level',
    input: z.object({ member: z.string(), level: z.string() }),
    output: z.string(),
    repeatable: true,
    example: { input: { member: 'm-1', level: 'gold' }, output: 'OK gold' },
  }),
});

export interface LegacyPoints {
  readonly url: string;
  /** Of a member; each begins with none. */
  readonly points: (member: string) => number;
  /** Each request that it has read, in order. */
  readonly seen: readonly { readonly path: string; readonly headers: IncomingHttpHeaders }[];
  /** So many answers are lost after it has done what was asked. */
  loseAnswers: number;
  /** What it does instead of answering, when it is set. */
  instead: { readonly status: number; readonly body: string } | 'silent' | null;
  readonly close: () => Promise<void>;
}

/** @param port a free one by default */
export const startLegacyPoints = async (port = 0): Promise<LegacyPoints> => {
  const books = new Map<string, number>();
  const seen: { path: string; headers: IncomingHttpHeaders }[] = [];
  const server = createServer((request, answer) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      seen.push({ path, headers: request.headers });
      const {
        member,
        points = 0,
        level = '',
      } = JSON.parse(Buffer.concat(chunks).toString()) as {
        member: string;
        points?: number;
        level?: string;
      };
      if (legacy.instead === 'silent') return;
      if (legacy.instead !== null) {
        answer.writeHead(legacy.instead.status).end(legacy.instead.body);
        return;
      }
      if (member === 'nobody') {
        answer.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"no such member"}');
        return;
      }
      const now = (books.get(member) ?? 0) + (path === '/points/take' ? -points : points);
      books.set(member, now);
      if (legacy.loseAnswers > 0) {
        legacy.loseAnswers--;
        request.socket.destroy();
        return;
      }
      answer.writeHead(200, { 'content-type': 'text/plain' }).end(`OK ${path === '/level' ? level : now}`);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  const legacy: LegacyPoints = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    points: (member) => books.get(member) ?? 0,
    seen,
    loseAnswers: 0,
    instead: null,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return legacy;
};
