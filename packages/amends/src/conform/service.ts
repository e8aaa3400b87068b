import { setTimeout as sleep } from 'node:timers/promises';
import { isLater } from './read-answer.ts';
import { NoAnswer, type Answer, type Speaker, type WireRequest } from './speaker.ts';

/** One saga request; what is left out is sent as a saga sends it. */
export interface SagaRequest {
  /** `POST /saga-operations/undo` */
  readonly route: string;
  /** `null`: without the header. */
  readonly key?: string | null;
  /** JSON, or with `raw` the text as it is; undefined: no body. */
  readonly body?: unknown;
  readonly raw?: boolean;
  /** `Saga-Started`; `null`: without the header; now by default. */
  readonly started?: string | null;
  /** Without the token, where there is one. */
  readonly anonymous?: boolean;
}

/** The service that is checked, spoken to as a saga does. */
export interface Service {
  /** Asks until it is decided: *later* and broken connections are repeated, as the protocol says. @throws NoAnswer */
  readonly ask: (request: SagaRequest) => Promise<Answer>;
  /** Asks once, whatever comes. @throws NoAnswer */
  readonly askOnce: (request: SagaRequest) => Promise<Answer>;
  /** Sends it, and hangs up after so many milliseconds. */
  readonly cut: (request: SagaRequest, afterMs: number) => Promise<void>;
  readonly hasToken: boolean;
}

export interface ServiceOptions {
  readonly token?: string | undefined;
  /** How long *later* is repeated. */
  readonly patienceMs: number;
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
/** 500 and a connection that breaks are later too, but seldom pass by waiting. */
const BROKEN_TRIES = 4;

export const createService = (speaker: Speaker, { token, patienceMs }: ServiceOptions): Service => {
  const wire = (request: SagaRequest): WireRequest => wireRequest(request, token);
  const ask = async (request: SagaRequest): Promise<Answer> => {
    const until = performance.now() + patienceMs;
    let broken = 0;
    for (let tries = 1; ; tries++) {
      const answer = await speaker.send(wire(request)).catch((error: unknown) => {
        if (error instanceof NoAnswer) return error;
        throw error;
      });
      const isBroken = answer instanceof NoAnswer || answer.status === 500;
      if (isBroken) broken++;
      const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tries - 1));
      const over = performance.now() + pause > until || broken === BROKEN_TRIES;
      if (answer instanceof NoAnswer) {
        if (over) throw answer;
      } else if (!isLater(answer) || over) return answer;
      await sleep(pause);
    }
  };
  return {
    ask,
    askOnce: (request) => speaker.send(wire(request)),
    cut: (request, afterMs) => speaker.cut(wire(request), afterMs),
    hasToken: token !== undefined,
  };
};

const wireRequest = (request: SagaRequest, token: string | undefined): WireRequest => {
  const { route, key = null, body, raw = false, started = new Date().toISOString(), anonymous = false } = request;
  const [method = '', path = ''] = route.split(' ');
  return {
    method,
    path,
    headers: {
      accept: 'application/json, application/problem+json',
      ...(key !== null && { 'idempotency-key': key }),
      ...(started !== null && { 'saga-started': started }),
      ...(token !== undefined && !anonymous && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    body: raw ? String(body) : JSON.stringify(body),
  };
};
