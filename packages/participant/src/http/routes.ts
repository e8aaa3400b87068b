import type { Context, Env, Handler as HonoHandler, Hono } from 'hono';
import type { Pool } from 'pg';
import type { Log } from '@amends/runtime/internal';
import { problem, toResponse, type Answer } from '../operations/answer.ts';
import type { AnyHandler, Handlers, ParticipantContract } from '../contract.ts';
import type { AtPoint } from '../crash-points.ts';
import { doAction } from '../operations/do-action.ts';
import { laterAnswer } from '../database/failure.ts';
import type { Kit } from '../kit.ts';
import { getOperation, listOperations } from '../operations/list-operations.ts';
import { LEASE_MARGIN_MS } from '../operations/lease.ts';
import { isSagaId, parseOperationKey } from '@amends/contracts/protocol';
import { actionRequest, cursorOf, operationRequest, sealRequest, Unreadable, undoRequest } from './read-request.ts';
import { sealSaga } from '../operations/seal-saga.ts';
import { carriesToken } from './service-token.ts';
import { settleOperation } from '../operations/settle-operation.ts';
import { Turns } from '../database/turns.ts';
import { undoOperation } from '../operations/undo-operation.ts';

/** What a service hands to the kit. `token`: when given, every saga route asks for it as a bearer token. */
export interface ParticipantOptions<C extends ParticipantContract> {
  readonly contract: C;
  /** Best made with `pipeline: true`, as `createPool` does: then the kit costs two round trips an action. */
  readonly pool: Pool;
  readonly handlers: Handlers<C>;
  readonly log: Log;
  readonly token?: string | undefined;
  /** How much longer than a call to a provider its lease lasts, in milliseconds; default 2 s. */
  readonly leaseMarginMs?: number | undefined;
  /** For tests that interrupt a request; without it nothing is told or waited for. */
  readonly at?: AtPoint | undefined;
}

/**
 * Mounts every action's route of the contract and `/saga-operations/*` (participants.md has the protocol). The tables must
 * be there (`migrateParticipant`); the body's limit and the answer to what the service throws are the app's.
 */
export const participantRoutes = <E extends Env, const C extends ParticipantContract>(
  app: Hono<E>,
  { contract, pool, handlers, log, token, leaseMarginMs = LEASE_MARGIN_MS, at }: ParticipantOptions<C>,
): void => {
  const kit: Kit = {
    pool,
    actions: contract.actions,
    handlers: handlers as Readonly<Record<string, AnyHandler>>,
    turns: new Turns(),
    log,
    leaseMarginMs,
    at,
  };
  const answered = (answer: (c: Context) => Promise<Answer>): HonoHandler<E> => {
    return async (c) => {
      if (token !== undefined && !carriesToken(c.req.header('authorization'), token)) {
        return toResponse(problem('unauthorized', { headers: { 'www-authenticate': 'Bearer' } }));
      }
      try {
        return toResponse(await answer(c));
      } catch (error) {
        if (error instanceof Unreadable) return toResponse(error.answer);
        const later = laterAnswer(error);
        if (later === undefined) throw error;
        log.warn({ err: error, path: c.req.path }, 'told to come again later');
        return toResponse(later);
      }
    };
  };
  const passed = async (key: string, act: () => Promise<Answer>): Promise<Answer> => {
    await at?.('received', key);
    const answer = await act();
    await at?.('answered', key);
    return answer;
  };
  for (const [name, action] of Object.entries(contract.actions)) {
    const handler = kit.handlers[name];
    if (handler === undefined) throw new Error(`the action ${name} has no handler`);
    const [method = '', path = ''] = action.route.split(' ');
    app.on(
      method,
      path.replaceAll(HOLE, ':$1'),
      answered(async (c) => {
        const request = await actionRequest(c, name);
        return passed(request.key.key, () => doAction(kit, action, handler, request));
      }),
    );
  }
  app.post(
    '/saga-operations/undo',
    answered(async (c) => {
      const request = await undoRequest(c);
      return passed(request.key.key, () => undoOperation(kit, request));
    }),
  );
  app.post(
    '/saga-operations/settle',
    answered(async (c) => {
      const request = await operationRequest(c);
      return passed(request.key.key, () => settleOperation(kit, request));
    }),
  );
  app.post(
    '/saga-operations/seal',
    answered(async (c) => {
      const request = await sealRequest(c);
      return passed(request.saga, () => sealSaga(kit, request));
    }),
  );
  app.get(
    '/saga-operations',
    answered(async (c) => {
      const saga = c.req.query('saga');
      if (saga === undefined) return problem('invalid', { errors: [{ path: 'saga', message: 'is missing' }] });
      if (!isSagaId(saga)) return problem('key-invalid', { detail: `${saga} is no id of a saga` });
      return listOperations(pool, { saga, cursor: cursorOf(c) });
    }),
  );
  app.get(
    `/saga-operations/:key{${KEY_IN_PATH}}`,
    answered(async (c) => {
      const key = parseOperationKey(c.req.param('key') ?? '');
      return key === undefined ? problem('key-invalid') : getOperation(pool, key.key);
    }),
  );
};

const HOLE = /\{(\w+)\}/g;
/** An operation's key has a slash, encoded or not; `undo`, `settle` and `seal` have none. */
const KEY_IN_PATH = '.+(?:/|%2[Ff]).+';
