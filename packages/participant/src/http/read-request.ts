import type { Context } from 'hono';
import { fingerprint, parseJson, TooDeep } from '@amends/runtime/internal';
import { problem, type Answer } from '../operations/answer.ts';
import type { ActionRequest } from '../operations/do-action.ts';
import { isSagaId, parseOperationKey, type OperationKey } from '@amends/contracts/protocol';
import { parseSagaStarted, type SagaStarted } from '../operations/saga-started.ts';
import type { SealRequest } from '../operations/seal-saga.ts';
import type { UndoRequest } from '../operations/undo-operation.ts';

/** A request that cannot be read; nothing was looked up for it. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
  readonly answer: Answer;

  constructor(answer: Answer, cause?: unknown) {
    super(answer.body, { cause });
    this.answer = answer;
  }
}

/** `settle`, and what every request has. @throws Unreadable */
export const operationRequest = async (c: Context): Promise<{ key: OperationKey; started: SagaStarted }> => {
  const key = parseOperationKey(idempotencyKey(c));
  if (key === undefined) throw new Unreadable(problem('key-invalid'));
  await json(c);
  return { key, started: sagaStarted(c) };
};

/** @throws Unreadable */
export const undoRequest = async (c: Context): Promise<UndoRequest> => ({
  ...(await operationRequest(c)),
  correction: await json(c),
});

/** @throws Unreadable */
export const sealRequest = async (c: Context): Promise<SealRequest> => {
  const saga = idempotencyKey(c);
  if (!isSagaId(saga)) throw new Unreadable(problem('key-invalid', { detail: 'A seal takes the id of a saga' }));
  await json(c);
  return { saga, cursor: cursorOf(c), started: sagaStarted(c) };
};

/** `?cursor=`; an empty one counts as none. */
export const cursorOf = (c: Context): string | undefined => c.req.query('cursor') || undefined;

/** The input is the body and what the path says beside it. @throws Unreadable */
export const actionRequest = async (c: Context, action: string): Promise<ActionRequest> => {
  const { key, started } = await operationRequest(c);
  const body = await json(c);
  if (body === undefined) throw new Unreadable(problem('not-json', { detail: 'The body is empty' }));
  const input = withPath(body, c.req.param());
  return { key, started, action, input, fingerprint: fingerprintOf({ action, input }) };
};

const fingerprintOf = (value: unknown): string => {
  try {
    return fingerprint(value);
  } catch (error) {
    // a number beyond IEEE 754
    throw new Unreadable(problem('bad-request', { detail: `The body: ${(error as Error).message}` }), error);
  }
};

const withPath = (body: unknown, holes: Readonly<Record<string, string>>): unknown => {
  if (typeof body !== 'object' || body === null || Array.isArray(body) || Object.keys(holes).length === 0) return body;
  const members: Record<string, unknown> = { ...holes, ...body };
  const errors = Object.entries(holes)
    .filter(([name, value]) => String(members[name]) !== value)
    .map(([name]) => ({ path: name, message: 'is not what the path says' }));
  if (errors.length > 0) throw new Unreadable(problem('invalid', { errors }));
  return members;
};

/** Bare, as it is sent, or as a structured field's quoted string. */
const idempotencyKey = (c: Context): string => {
  const header = c.req.header('idempotency-key')?.trim();
  if (header === undefined || header === '') throw new Unreadable(problem('key-missing'));
  return /^"([^"\\]*)"$/.exec(header)?.[1] ?? header;
};

const sagaStarted = (c: Context): SagaStarted => parseSagaStarted(c.req.header('saga-started'));

/** undefined when there is no body. */
const json = async (c: Context): Promise<unknown> => {
  const text = await c.req.text();
  if (text === '') return undefined;
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof TooDeep) {
      throw new Unreadable(problem('bad-request', { detail: `The body ${error.message}` }), error);
    }
    throw new Unreadable(problem('not-json', { detail: (error as Error).message }), error);
  }
};
