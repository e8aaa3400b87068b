import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { Operation, OperationList, PROBLEM_PREFIX } from '@amends/contracts/internal';
import { isDone, jsonOf, problemOf } from './read-answer.ts';
import type { Answer } from './speaker.ts';
import { answerInWords, inBrief, unkept } from './unkept.ts';

// What an answer must be. Each throws Unkept when it is not.

export const expectDone = (answer: Answer): void => {
  if (!isDone(answer)) throw unkept(answer, '2xx');
};

/** A problem of a type, or of any where the protocol names none. */
export const expectProblem = (answer: Answer, status: number, type?: string): void => {
  const named = type === undefined ? '' : ` and the type ${PROBLEM_PREFIX}${type}`;
  const expected = `${status} application/problem+json with its own status as a member${named}`;
  const body = jsonOf(answer) as { status?: unknown; type?: unknown } | null | undefined;
  const isProblem = /^application\/problem\+json\b/.test(answer.headers['content-type'] ?? '');
  if (!isProblem || answer.status !== status || body?.status !== status || typeof body.type !== 'string') {
    throw unkept(answer, expected);
  }
  if (type !== undefined && problemOf(answer) !== type) throw unkept(answer, expected);
};

/** A business no. */
export const expectRefusal = (answer: Answer, code: string): void => {
  expectProblem(answer, answer.status === 422 ? 422 : 409, `refused:${code}`);
};

/** The operation of a key in a state, as undo, settle and GET answer it. */
export const expectOperation = (answer: Answer, key: string, ...states: readonly Operation['state'][]): Operation => {
  const expected = `200 with the operation ${key} in the state ${states.join(' or ')}`;
  if (answer.status !== 200) throw unkept(answer, expected);
  const operation = read(answer, Operation, expected);
  const wrong = wrongIn(operation, key);
  if (wrong !== undefined) throw unkept(answer, expected, `${wrong} in ${inBrief(answer.text)}`);
  if (!states.includes(operation.state)) throw unkept(answer, expected);
  return operation;
};

/** A page of what a service has of a saga. */
export const expectList = (answer: Answer, saga: string, sealed: boolean): OperationList => {
  const expected = `200 with {saga: "${saga}", sealed: ${sealed}, items, next}`;
  if (answer.status !== 200) throw unkept(answer, expected);
  const list = read(answer, OperationList, expected);
  if (list.saga !== saga || list.sealed !== sealed) throw unkept(answer, expected);
  for (const item of list.items) {
    const wrong = wrongIn(item, item.key);
    if (wrong !== undefined) throw unkept(answer, expected, `${wrong} of ${item.key}`);
  }
  return list;
};

/** The first answer, byte for byte. */
export const expectSame = (again: Answer, first: Answer): void => {
  if (again.status === first.status && again.bytes.equals(first.bytes)) return;
  throw unkept(again, `the first answer byte for byte: ${answerInWords(first)}`);
};

/** The first answer, byte for byte, and said to be a repeat. */
export const expectRepeat = (again: Answer, first: Answer): void => {
  expectSame(again, first);
  expectReplayed(again);
};

const expectReplayed = (answer: Answer): void => {
  if (isReplayed(answer)) return;
  const header = answer.headers['idempotent-replayed'];
  throw unkept(answer, 'the header Idempotent-Replayed: true', header === undefined ? 'none' : String(header));
};

export const isReplayed = ({ headers }: Answer): boolean => headers['idempotent-replayed'] === 'true';

/** One answer for all who asked. */
export const expectAllSame = (answers: readonly Answer[]): void => {
  const [first, ...rest] = answers;
  for (const answer of rest) if (first !== undefined) expectSame(answer, first);
};

/** A list has exactly these keys, in any order, each once. */
export const expectKeys = (answer: Answer, keys: readonly string[], expected: readonly string[]): void => {
  if (isDeepStrictEqual(keys.toSorted(), expected.toSorted())) return;
  const missing = expected.filter((key) => !keys.includes(key));
  const more = keys.filter((key) => !expected.includes(key));
  const twice = keys.filter((key, n) => keys.indexOf(key) !== n);
  const off = [
    ...(missing.length > 0 ? [`without ${missing.join(', ')}`] : []),
    ...(more.length > 0 ? [`with ${more.join(', ')}, which never had an effect`] : []),
    ...(twice.length > 0 ? [`twice: ${twice.join(', ')}`] : []),
  ];
  throw unkept(
    answer,
    `a list of ${expected.length} operations`,
    inBrief(`a list of ${keys.length}, ${off.join('; ')}`),
  );
};

const read = <T>(answer: Answer, schema: z.ZodType<T>, expected: string): T => {
  const parsed = schema.safeParse(jsonOf(answer));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') || 'the body';
  throw unkept(answer, expected, `${where}: ${issue?.message ?? 'is wrong'} in ${answerInWords(answer)}`);
};

/** What does not follow from the key; undefined when all does. */
const wrongIn = (operation: Operation, key: string): string | undefined => {
  const slash = key.lastIndexOf('/');
  const [step, instance = null] = key.slice(slash + 1).split(':');
  const follows = { key, saga: key.slice(0, slash), step, instance };
  return Object.entries(follows)
    .filter(([name, value]) => operation[name as keyof Operation] !== value)
    .map(([name, value]) => `${name} is not ${JSON.stringify(value)}`)[0];
};
