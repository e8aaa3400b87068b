import { setTimeout as sleep } from 'node:timers/promises';
import { services } from '../every-service.ts';
import { send, type Answered } from '../../packages/testing/src/services/saga-client.ts';
import type { Subject } from './subjects.ts';

const LATER = new Set<string | undefined>(['in-flight', 'busy', 'unavailable']);

/** Asks for an action as a saga does; the holes of its route are filled from the input. */
export const askAction = (
  url: string,
  { service, action }: Pick<Subject, 'service' | 'action'>,
  key: string,
  input: Readonly<Record<string, unknown>>,
): Promise<Answered> => {
  const [, path = ''] = services[service]?.actions[action]?.route.split(' ') ?? [];
  return send(
    url,
    path.replaceAll(/\{(\w+)\}/g, (_, hole: string) => String(input[hole])),
    { key, body: input },
  );
};

export const askOperation = (url: string, op: 'undo' | 'settle' | 'seal', key: string): Promise<Answered> =>
  send(url, `/saga-operations/${op}`, { key });

/** What came of it, or undefined when the connection broke. */
export const orBroken = (asked: Promise<Answered>): Promise<Answered | undefined> =>
  asked.catch((error: unknown) => {
    if (error instanceof TypeError) return undefined;
    throw error;
  });

/**
 * Asks until the answer is definite: neither *later*, nor a failure, nor a broken connection. By default 20 times a second, for 20 s;
 * a client that is one of many waits a second, as Retry-After says.
 */
export const untilDefinite = async (
  ask: () => Promise<Answered>,
  { withinMs = 20_000, pauseMs = 50 }: { readonly withinMs?: number; readonly pauseMs?: number } = {},
): Promise<Answered> => {
  const until = performance.now() + withinMs;
  for (;;) {
    const answer = await orBroken(ask());
    if (answer !== undefined && answer.status < 500 && !LATER.has(answer.says)) return answer;
    if (performance.now() > until) throw new Error(`no definite answer, but ${answer?.text ?? 'a broken connection'}`);
    await sleep(pauseMs);
  }
};
