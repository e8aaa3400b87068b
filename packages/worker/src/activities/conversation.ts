import type { ServiceCall } from '@amends/contracts/internal';
import type { Attempt } from './attempt.ts';
import type { Sign } from './breaker.ts';
import { readAnswer } from './read-answer.ts';
import { sendRequest } from './send-request.ts';
import { isFailure } from './service-failure.ts';
import { traceParent } from './trace-parent.ts';

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

/** All that is asked in it has to be answered within the attempt. */
export const converse = (
  call: ServiceCall,
  { number, limitMs, patienceMs, fast, cancelled }: Attempt,
  { url, serviceToken }: { url: string; serviceToken: string | undefined },
): Conversation => {
  const signal = AbortSignal.any([cancelled, AbortSignal.timeout(limitMs)]);
  const headers = {
    'content-type': 'application/json',
    'idempotency-key': call.key,
    'saga-started': call.startedAt,
    traceparent: traceParent(call, number),
    ...(serviceToken !== undefined && { authorization: `Bearer ${serviceToken}` }),
  };
  /** Of the request sent last; null as long as nothing has come. */
  let status: number | null = null;

  return {
    ask: async (route, body, read) => {
      const [method = 'POST', path = ''] = route.split(' ');
      const init = { method, headers, signal, ...(body !== null && { body: JSON.stringify(body) }) };
      status = null;
      const received = await sendRequest(url + path, init, number);
      ({ status } = received);
      return readAnswer(received, { op: call.op, attempt: number, patienceMs, fast, read });
    },
    signOf: (error) => {
      if (cancelled.aborted) return 'none';
      if (!isFailure(error, 'Unavailable')) return 'well';
      if (status !== null) return status >= 500 || status === TOO_MANY_REQUESTS ? 'weak' : 'well';
      return signal.aborted && limitMs < LEAST_PATIENCE_MS ? 'none' : 'weak';
    },
  };
};
