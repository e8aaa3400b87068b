import { setTimeout as sleep } from 'node:timers/promises';
import { OperationList } from '../packages/contracts/src/operation.ts';
import { decided, newSaga, send } from '../packages/testing/src/services/saga-client.ts';
import type { Warehouse } from './warehouse.ts';

const ACTIONS = 4;
/** Actions and seals are sent within so many milliseconds of each other, about as long as an action takes. */
const SPREAD_MS = 8;
const SAGAS_AT_ONCE = 10;

export interface SealedRace {
  /** How many actions were done, of four a saga. */
  readonly done: number;
  /** What was done and is not in the list of its saga's seal, or the other way round; in words. */
  readonly slipped: readonly string[];
}

/** The goods that are raced for: many, so that actions do not wait for each other's rows. */
export const RACED_SKUS: readonly string[] = Array.from({ length: 40 }, (_, n) => `raced-${n}`);

/** Sends four actions of each saga to two processes of a service, and a seal amid them; some sagas at once. */
export const raceSeals = async (services: readonly [Warehouse, Warehouse], sagas: number): Promise<SealedRace> => {
  const listed = new Set<string>();
  const done = new Set<string>();
  const all = Array.from({ length: sagas }, () => newSaga());
  for (let n = 0; n < sagas; n += SAGAS_AT_ONCE) {
    const some = all.slice(n, n + SAGAS_AT_ONCE);
    for (const raced of await Promise.all(some.map((saga, lane) => race(services, lane, saga)))) {
      for (const key of raced.listed) listed.add(key);
      for (const key of raced.done) done.add(key);
    }
  }
  const [{ pool }] = services;
  const { rows } = await pool.query<{ key: string }>('select key from saga_operations where saga = any($1)', [all]);
  const known = new Set([...rows.map(({ key }) => key), ...done]);
  return {
    done: done.size,
    slipped: [
      ...[...known].filter((key) => !listed.has(key)).map((key) => `${key} was done, and its seal does not list it`),
      ...[...listed].filter((key) => !known.has(key)).map((key) => `${key} is listed, and was not done`),
    ],
  };
};

/** The keys that the seal lists, and those whose action was answered with success. */
const race = async ([here, there]: readonly [Warehouse, Warehouse], lane: number, saga: string) => {
  const actions = Array.from({ length: ACTIONS }, async (_, n) => {
    await sleep(Math.random() * SPREAD_MS);
    const key = `${saga}/takeGoods:w-${n}`;
    const body = { sku: RACED_SKUS[lane * ACTIONS + n], quantity: 1, note: null };
    const { status } = await decided(() => send((n % 2 ? here : there).url, '/takings', { key, body }));
    return status === 200 ? [key] : [];
  });
  await sleep(Math.random() * SPREAD_MS);
  const { url } = Math.random() < 0.5 ? here : there;
  const sealed = await decided(() => send(url, '/saga-operations/seal', { key: saga }));
  const listed = OperationList.parse(sealed.json).items.map(({ key }) => key);
  return { listed, done: (await Promise.all(actions)).flat() };
};
