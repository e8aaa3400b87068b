import { Context } from '@temporalio/activity';
import type { z } from 'zod';
import type { Action } from '../contracts/define.ts';
import { Operation } from '../contracts/operation.ts';
import type { ServiceAnswer, ServiceCall } from '../contracts/service-call.ts';
import { readAnswer, unavailable } from './read-answer.ts';
import { readSealed } from './read-sealed.ts';
import { sendRequest } from './send-request.ts';
import { traceParent } from './trace-parent.ts';

type AnyService = { readonly actions: Readonly<Record<string, Action>> };

/** What calling services needs: their contracts and addresses, and the platform's credentials. */
export interface Wiring {
  readonly contracts: Readonly<Record<string, AnyService>>;
  readonly urls: Readonly<Record<string, string>>;
  /** Bearer token of every request to a service; none by default. */
  readonly serviceToken?: string | undefined;
}

/** An attempt gives up this much before Temporal would: so its own words reach the history. */
const MARGIN_MS = 250;
const HEARTBEAT_EVERY_MS = 1_000;

/**
 * The one activity that serves every step of every saga, whatever the activity's type is called (it is registered as `default`):
 * builds the request by the contract, sends it, and reads the answer.
 */
export const callService =
  ({ contracts, urls, serviceToken }: Wiring) =>
  async (call: ServiceCall): Promise<ServiceAnswer> => {
    const context = Context.current();
    const { info, cancellationSignal } = context;
    const { attempt, startToCloseTimeoutMs } = info;
    const contract = contracts[call.service];
    const url = urls[call.service];
    const action = contract?.actions[call.action];
    if (contract === undefined || url === undefined || (action === undefined && call.op === 'do')) {
      // a rolling deploy: another worker may know it already
      throw unavailable(attempt, `this worker has no contract for ${call.service}.${call.action}`);
    }
    const timeout = AbortSignal.timeout(Math.max(MARGIN_MS, startToCloseTimeoutMs - MARGIN_MS));
    const signal = AbortSignal.any([cancellationSignal, timeout]);
    const headers = {
      'content-type': 'application/json',
      'idempotency-key': call.key,
      'saga-started': call.startedAt,
      traceparent: traceParent(call, attempt),
      ...(serviceToken !== undefined && { authorization: `Bearer ${serviceToken}` }),
    };
    const ask = async <T>(route: string, body: unknown, read: (json: unknown) => T): Promise<T> => {
      const [method = 'POST', path = ''] = route.split(' ');
      const init = { method, headers, signal, ...(body !== null && { body: JSON.stringify(body) }) };
      const received = await sendRequest(url + path, init, attempt);
      const left = info.scheduledTimestampMs + info.scheduleToCloseTimeoutMs - Date.now();
      return readAnswer(received, { op: call.op, attempt, patienceMs: left - startToCloseTimeoutMs, read });
    };

    const beating = setInterval(() => context.heartbeat(), HEARTBEAT_EVERY_MS);
    try {
      return { answer: await answerOf(call, action, ask), attempt };
    } catch (error) {
      // a saga that no longer wants it hears just that; a worker that closes leaves it to another
      if (context.cancellationDetails?.cancelRequested) throw cancellationSignal.reason;
      throw error;
    } finally {
      clearInterval(beating);
    }
  };

type Ask = <T>(route: string, body: unknown, read: (json: unknown) => T) => Promise<T>;

// oxlint-disable-next-line typescript/consistent-return -- every operation returns
const answerOf = async (call: ServiceCall, action: Action | undefined, ask: Ask): Promise<unknown> => {
  switch (call.op) {
    case 'do':
      return ask(filled(action?.route ?? '', call.input), call.input, (json) => action?.output.parse(json));
    case 'undo':
      return ask('POST /saga-operations/undo', null, (json) => undone(Operation.parse(json)));
    case 'settle':
      return ask('POST /saga-operations/settle', null, (json) => settled(Operation.parse(json), action?.output));
    case 'seal':
      return readSealed((cursor) => (read) => ask(`POST /saga-operations/seal${cursor}`, null, read));
  }
};

/** Nothing of it is left: whatever else a participant answers with 200 is not an undo. */
const undone = (operation: Operation): Operation => inState(operation, ['undone', 'blocked', 'refused']);

/** Fixed for good. A stored answer is held to the contract like a fresh one. */
const settled = (operation: Operation, output: z.ZodType | undefined): Operation => {
  const { state, answer } = inState(operation, ['done', 'refused', 'undone', 'blocked']);
  if (state !== 'done') return operation;
  if (answer === null) throw new Error('a done operation was settled without its answer');
  return { ...operation, answer: { ...answer, body: output?.parse(answer.body) } };
};

const inState = (operation: Operation, states: readonly Operation['state'][]): Operation => {
  if (states.includes(operation.state)) return operation;
  throw new Error(`the operation is still ${operation.state}`);
};

/** `POST /orders/{orderId}/accept` with its hole filled from the input. */
const filled = (route: string, input: unknown): string =>
  route.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String((input as Record<string, unknown>)[name])),
  );
