import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { isSagaId, parseOperationKey } from '../../packages/participant/src/operations/operation-key.ts';
import { parseSagaStarted } from '../../packages/participant/src/operations/saga-started.ts';
import { problem, type NaiveAnswer } from './answer.ts';
import type { Flaw } from './flaws.ts';
import { naiveParticipant, type NaiveParticipant } from './participant.ts';

export const NAIVE_TOKEN = 'naive-but-secret';
const NAIVE_BODY_LIMIT = 4_096;

/** What its conform file would say. */
export const NAIVE_FILE = `
bodyLimit: ${NAIVE_BODY_LIMIT}
actions:
  book:
    route: POST /bookings
    body: { id: '{{id}}', seats: 2 }
    undo: true
    refused: { code: full, body: { id: '{{id}}', seats: 11 } }
    effects: { get: '/effects/{{id}}', at: count }
  tell:
    route: POST /tellings
    body: { id: '{{id}}', seats: 1 }
    undo: false
    effects: { get: '/effects/{{id}}', at: count }
`;

const DAY_MS = 86_400_000;
const KEPT_DAYS = 90;

/** A service with one flaw, or none, that listens. `workMs`: how long an action takes. */
export const serveNaive = async (
  flaw: Flaw | undefined,
  workMs: number,
): Promise<{ url: string; close: () => void }> => {
  const participant = naiveParticipant(flaw, workMs);
  const server = createServer((request, response) => {
    let gone = false;
    response.on('close', () => (gone = !response.writableFinished));
    const answered = bodyOf(request).then((text) => answer(participant, flaw, { request, text, gone: () => gone }));
    void answered
      .catch(() => problem(500, 'internal'))
      .then(({ status, text, replayed = false }) => {
        const type = status < 300 ? 'application/json' : 'application/problem+json';
        response
          .writeHead(status, { 'content-type': type, ...(replayed && { 'idempotent-replayed': 'true' }) })
          .end(text);
      });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

const ACTIONS: Readonly<Record<string, 'book' | 'tell' | undefined>> = { '/bookings': 'book', '/tellings': 'tell' };
const UNKEYED = 'naive:nobody/unkeyed';

const answer = async (
  participant: NaiveParticipant,
  flaw: Flaw | undefined,
  { request, text, gone }: { request: IncomingMessage; text: string; gone: () => boolean },
): Promise<NaiveAnswer> => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://naive');
  if (pathname.startsWith('/effects/')) return participant.count(pathname.slice('/effects/'.length));
  if (request.headers.authorization !== `Bearer ${NAIVE_TOKEN}` && flaw !== 'the token is not asked for') {
    return problem(401, 'unauthorized');
  }
  const action = ACTIONS[pathname];
  // a service that knows nothing of keys knows nothing of undo either
  if (action === undefined && flaw === 'keys are ignored') return problem(404, 'not-found');
  const cursor = Number(searchParams.get('cursor') ?? 0);
  if (request.method === 'GET') {
    if (pathname === '/saga-operations') return participant.list(searchParams.get('saga') ?? '', cursor);
    return participant.look(decodeURIComponent(pathname.slice('/saga-operations/'.length)));
  }
  const op = /^\/saga-operations\/(undo|settle|seal)$/.exec(pathname)?.[1];
  if (action === undefined && op === undefined) return problem(404, 'not-found');
  if (text.length > NAIVE_BODY_LIMIT) return problem(413, 'too-large');
  const isUnkeyed = action !== undefined && (flaw === 'a key is not needed' || flaw === 'keys are ignored');
  const key = keyOf(request) ?? (isUnkeyed ? `${UNKEYED}:${Math.random()}` : undefined);
  if (key === undefined) return problem(400, 'key-missing');
  if (op === 'seal' ? !isSagaId(key) : parseOperationKey(key) === undefined) return problem(400, 'key-invalid');
  const body = jsonOf(text);
  if (body === NO_JSON && flaw !== 'anything is JSON') return problem(400, 'not-json');
  const refusedByAge = ageOf(request, flaw);
  if (op === 'undo') {
    if (flaw === 'an undo needs more than its key' && refusedByAge !== undefined) return refusedByAge;
    return participant.undo(key, text, refusedByAge);
  }
  if (op === 'settle') return participant.settle(key, refusedByAge);
  if (action === undefined) return participant.seal(key, cursor, refusedByAge);
  const { id = '', seats = 0 } = (body === NO_JSON ? {} : body) as { id?: string; seats?: number };
  return participant.act({ key, action, text, body: { id, seats }, refusedByAge, gone });
};

const keyOf = ({ headers }: IncomingMessage): string | undefined => {
  const header = String(headers['idempotency-key'] ?? '');
  return header === '' ? undefined : header.replaceAll('"', '');
};

const NO_JSON = Symbol('no JSON');
const jsonOf = (text: string): unknown => {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return NO_JSON;
  }
};

const ageOf = ({ headers }: IncomingMessage, flaw: Flaw | undefined): NaiveAnswer | undefined => {
  const started = parseSagaStarted(headers['saga-started']?.toString());
  if (typeof started === 'string') return flaw === 'Saga-Started is not read' ? undefined : problem(400, started);
  const isOld = started < Date.now() - KEPT_DAYS * DAY_MS;
  return isOld && flaw !== 'an old saga is as any other' ? problem(410, 'expired') : undefined;
};
