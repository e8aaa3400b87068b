import type { ServiceCall } from '@amends/contracts/internal';
import type { Attempt } from './attempt.ts';
import type { Sign } from './breaker.ts';
import type { Action } from '@amends/contracts';
import type { OutsiderCall } from './outsider-call.ts';
import { readAnswer } from './read-answer.ts';
import { readOutsider } from './read-outsider.ts';
import type { SendRequest } from './send-request.ts';
import { isFailure } from './service-failure.ts';

const TOO_MANY_REQUESTS = 429;
/** No answer within less than this says nothing of a service: the attempt was cut short by the end of its call's time. */
const LEAST_PATIENCE_MS = 1_000;

/** What one attempt says to a service, and what that tells of the service. */
export interface Conversation {
  /** Sends a request, and makes its answer a value by `read`, or a failure. */
  readonly ask: <T>(route: string, body: unknown, read: (json: unknown) => T) => Promise<T>;
  /** Of the error with which the attempt ended. */
  readonly signOf: (error: unknown) => Sign;
}

/** Who is spoken to. `outsider`: it is none of the participants, and ours is not said to it. */
interface Addressee {
  readonly url: string;
  readonly serviceToken: string | undefined;
  readonly contract: Action | undefined;
  readonly outsider: OutsiderCall | undefined;
  readonly sendRequest: SendRequest;
}

/** Header names know no case: an outsider's own take the place of ours. */
const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** All that is asked in it has to be answered within the attempt. */
export const converse = (
  call: ServiceCall,
  { number, limitMs, patienceMs, fast, cancelled }: Attempt,
  { url, serviceToken, contract, outsider, sendRequest }: Addressee,
): Conversation => {
  const due = performance.now() + limitMs;
  const once = call.once === true;
  const headers: Readonly<Record<string, string>> = {
    'content-type': 'application/json',
    'idempotency-key': call.key,
    ...(outsider === undefined
      ? {
          'saga-started': call.startedAt,
          ...(serviceToken !== undefined && { authorization: `Bearer ${serviceToken}` }),
        }
      : lowerCased(outsider.headers ?? {})),
    // an idle connection may be closed just when it is used again, and then nobody knows whether the request was read
    ...(call.once && { connection: 'close' }),
  };
  /** Of the request sent last; null as long as nothing has come. */
  let status: number | null = null;
  let isLate = false;
  const tooLate = (): void => {
    isLate = true;
  };

  return {
    ask: async (route, body, read) => {
      const [method = 'POST', path = ''] = route.split(' ');
      const request = { method, headers, ...(body !== null && { body: JSON.stringify(body) }) };
      status = null;
      const withinMs = due - performance.now();
      const received = await sendRequest(url + path, request, { attempt: number, once, withinMs, tooLate, cancelled });
      ({ status } = received);
      const asked = { op: call.op, attempt: number, patienceMs, fast, read };
      return outsider === undefined
        ? readAnswer(received, asked)
        : readOutsider(received, asked, { ...outsider, action: call.action, contract });
    },
    signOf: (error) => {
      if (cancelled.aborted) return 'none';
      if (!isFailure(error, 'Unavailable') && !isFailure(error, 'NotSent')) return 'well';
      // a 2xx that cannot be read comes from a proxy, or was cut off
      if (status !== null) return status >= 500 || status === TOO_MANY_REQUESTS || status < 300 ? 'weak' : 'well';
      return isLate && limitMs < LEAST_PATIENCE_MS ? 'none' : 'weak';
    },
  };
};
