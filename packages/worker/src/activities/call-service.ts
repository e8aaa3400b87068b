import type { z } from 'zod';
import type { Action, ServiceKind } from '@amends/contracts';
import { Operation, type ServiceAnswer, type ServiceCall } from '@amends/contracts/internal';
import type { Log } from '@amends/runtime/internal';
import { thisAttempt } from './attempt.ts';
import { createBreaker, type Breaker } from './breaker.ts';
import { converse, type Conversation } from './conversation.ts';
import type { OutsiderCalls } from './outsider-call.ts';
import { readSealed } from './read-sealed.ts';
import { createSender } from './send-request.ts';
import { isFailure, unavailable } from './service-failure.ts';

type AnyService = { readonly kind: ServiceKind; readonly actions: Readonly<Record<string, Action>> };

/** What calling services needs: their contracts and addresses, and the platform's credentials. */
export interface Wiring {
  readonly contracts: Readonly<Record<string, AnyService>>;
  readonly urls: Readonly<Record<string, string>>;
  /** How outsiders are called; as any service by default, but without our token. */
  readonly outsiders?: OutsiderCalls;
  /** Bearer token of every request to a participant; none by default. */
  readonly serviceToken?: string | undefined;
  /** Is told when a service's breaker opens and closes; nobody by default. */
  readonly log?: Pick<Log, 'warn' | 'info'> | undefined;
}

/** A worker that lacks a contract is being replaced by one that has it: asked again this much later. */
const NO_CONTRACT_RETRY_MS = 1_000;

/**
 * The one activity that serves every step of every saga in both lanes, whatever the activity's type is called (it is registered as
 * `default`): builds the request by the contract, sends it unless the service's breaker is open, and reads the answer. One call of
 * this function has one breaker a service, and keeps connections: it is made once a process.
 */
export const callService = ({ contracts, urls, outsiders, serviceToken, log }: Wiring) => {
  const sendRequest = createSender();
  const breakers = new Map<string, Breaker>();
  const breakerOf = (service: string): Breaker => {
    const breaker = breakers.get(service) ?? createBreaker(service, log);
    breakers.set(service, breaker);
    return breaker;
  };

  return async (call: ServiceCall): Promise<ServiceAnswer> => {
    const attempt = thisAttempt(call);
    const contract = contracts[call.service];
    const url = urls[call.service];
    const action = contract?.actions[call.action];
    if (contract === undefined || url === undefined || (action === undefined && call.op === 'do')) {
      // a rolling deploy: another worker may know it already
      throw attempt.notSent(`this worker has no contract for ${call.service}.${call.action}`, NO_CONTRACT_RETRY_MS);
    }
    const breaker = breakerOf(call.service);
    const pause = breaker.pauseMs();
    // whoever cannot wait and ask once more sends it all the same: a breaker uses up nobody's budget
    const isLastChance = !call.once && pause > 0 && attempt.waitMs(pause) > attempt.patienceMs;
    if (pause > 0 && !isLastChance) {
      throw attempt.notSent(`not sent: ${call.service} has failed again and again`, pause);
    }
    const { ask, signOf } = converse(call, attempt, {
      url,
      serviceToken,
      contract: action,
      outsider: contract.kind === 'outside' ? (outsiders?.[call.service] ?? {}) : undefined,
      sendRequest,
    });
    const send = (): Promise<unknown> => answerOf(call, action, ask, attempt.fast);
    try {
      const answer = await attempt.run(() => (isLastChance ? send() : breaker.pass(send, signOf)));
      return { answer: attempt.fitting(answer), attempt: attempt.number };
    } catch (error) {
      if (call.untilAnswered !== true || !isFailure(error) || !error.nonRetryable) throw error;
      throw unavailable(attempt.number, error.message);
    }
  };
};

// oxlint-disable-next-line typescript/consistent-return -- every operation returns
const answerOf = async (
  call: ServiceCall,
  action: Action | undefined,
  ask: Conversation['ask'],
  fast: boolean,
): Promise<unknown> => {
  switch (call.op) {
    case 'do':
      return ask(filled(action?.route ?? '', call.input), call.input, (json) => action?.output.parse(json));
    case 'undo':
      return ask('POST /saga-operations/undo', call.input, (json) => undone(Operation.parse(json)));
    case 'settle':
      return ask('POST /saga-operations/settle', null, (json) => settled(Operation.parse(json), action?.output));
    case 'seal':
      return readSealed((query) => (read) => ask(`POST /saga-operations/seal${query}`, null, read), {
        cursor: typeof call.input === 'string' ? call.input : null,
        fast,
      });
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
