import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/** What a participant answered, with its body as it came. */
export interface Answered {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  /** Of a problem: its type without `urn:amends:`; else the state of the operation, or undefined. */
  readonly says: string | undefined;
  readonly json: unknown;
}

export interface Sent {
  readonly key?: string | undefined;
  readonly body?: unknown;
  /** `null`: without the header. */
  readonly started?: string | null;
  readonly token?: string;
  readonly signal?: AbortSignal;
}

const Said = z.object({ type: z.string().optional(), state: z.string().optional() });

/** Sends one saga request as an activity would. A string body goes as it is. */
export const send = async (url: string, path: string, request: Sent = {}): Promise<Answered> => {
  const { key, body, started = new Date().toISOString(), token, signal } = request;
  const response = await fetch(url + path, {
    method: 'POST',
    headers: {
      ...(key !== undefined && { 'idempotency-key': key }),
      ...(started !== null && { 'saga-started': started }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      'content-type': 'application/json',
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(signal && { signal }),
  });
  return answered(response);
};

const LATER = new Set<string | undefined>(['in-flight', 'busy', 'unavailable']);
const MAX_TRIES = 30;
const PAUSE_MS = 100;

/** Asks again while the answer is *later*, as a client does, for 3 s or more. */
export const decided = async (ask: () => Promise<Answered>): Promise<Answered> => {
  let answer = await ask();
  for (let tries = 1; LATER.has(answer.says) && tries < MAX_TRIES; tries++) {
    await sleep(PAUSE_MS);
    answer = await ask();
  }
  return answer;
};

export const get = async (url: string, path: string): Promise<Answered> => answered(await fetch(url + path));

const answered = async (response: Response): Promise<Answered> => {
  const text = await response.text();
  const json: unknown = text === '' ? undefined : JSON.parse(text);
  const said = Said.safeParse(json).data;
  const says = said?.type?.replace('urn:amends:', '') ?? said?.state;
  return { status: response.status, text, headers: response.headers, says, json };
};

/** A key of a saga of its own. */
export const newKey = (step = 'takeGoods'): string => `${newSaga()}/${step}`;

export const newSaga = (): string => `testSaga:${randomUUID()}`;
