import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serve } from '../../packages/runtime/src/http/serve.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import { unlikeProvider } from '../../testing/invariants/provider-books.ts';
import { startCardProvider, type RunningProvider } from '../../testing/card-provider.ts';
import { decided, newSaga, send, type Answered } from '../../packages/testing/src/services/saga-client.ts';
import {
  startServiceUnderTest,
  type ServiceUnderTest,
} from '../../packages/testing/src/services/service-under-test.ts';
import { createApp } from './app.ts';
import { createCardProvider } from './card-provider.ts';

/** Two of five requests come to grief at the provider. */
const LOSSY = { share: 0.4, seed: 7 };

let provider: RunningProvider;
let payments: ServiceUnderTest;
/** A second process of it, or as good as one. */
let other: { readonly url: string; readonly close: () => Promise<void> };
beforeAll(async () => {
  provider = await startCardProvider(LOSSY);
  payments = await startServiceUnderTest('payments', (parts) => ({
    app: createApp({ ...parts, provider: createCardProvider(provider.url) }),
  }));
  const parts = { pool: payments.pool, log: createLog('payments', 'silent'), maxBodyBytes: 100_000 };
  const app = createApp({ ...parts, provider: createCardProvider(provider.url) });
  const { port, close } = await serve(app, { host: '127.0.0.1', port: 0 });
  other = { url: `http://127.0.0.1:${port}`, close };
});
afterAll(async () => {
  await other.close();
  await payments.close();
  await provider.close();
});

const amount = { amount: 100, currency: 'EUR' };
const authorize = (saga: string) => {
  const body = { orderId: saga.split(':')[1], amount, paymentToken: 'tok_ok' };
  return send(payments.url, '/payments', { key: `${saga}/authorizePayment`, body });
};
const undo = (saga: string) => send(other.url, '/saga-operations/undo', { key: `${saga}/authorizePayment` });
const ask = (key: string, path: string, body: unknown): Promise<Answered> =>
  decided(() => send(payments.url, path, { key, body }));

/** In turns of so many at once. */
const each = async <T>(sagas: readonly string[], act: (saga: string, n: number) => Promise<T>): Promise<T[]> => {
  const ends: T[] = [];
  for (let n = 0; n < sagas.length; n += 40) {
    ends.push(...(await Promise.all(sagas.slice(n, n + 40).map((saga, at) => act(saga, n + at)))));
  }
  return ends;
};

it('P12: of 400 holds at a lossy provider, undone in the middle, none is left', async () => {
  const sagas = Array.from({ length: 400 }, newSaga);
  const ends = await each(sagas, async (saga, n) => {
    // some undos come first, some in the middle, some when all is done
    const undone = n % 4 === 1 ? decided(() => undo(saga)) : undefined;
    const hold = authorize(saga);
    await (n % 4 === 0 ? hold : sleep(n % 20));
    const { says } = await (undone ?? decided(() => undo(saga)));
    await hold;
    return says;
  });
  expect(new Set(ends)).toEqual(new Set(['undone', 'blocked']));
  // it was a race: most were held before
  expect(provider.holds().length).toBeGreaterThan(100);
  expect(provider.holds().filter(({ state }) => state !== 'voided')).toEqual([]);
  expect(await unlikeProvider({ pools: { payments: payments.pool }, provider })).toEqual([]);
  const { rows } = await payments.pool.query(
    `select key from saga_operations where state not in ('undone', 'blocked')`,
  );
  expect(rows).toEqual([]);
}, 120_000);

it('P12: what a lossy provider took and gave back is what the ledger says, to the penny', async () => {
  const sagas = Array.from({ length: 80 }, newSaga);
  const answers = await each(sagas, async (saga, n) => {
    const { json } = await decided(() => authorize(saga));
    const { paymentId } = json as { paymentId: string };
    const taken = await ask(`${saga}/capturePayment`, `/payments/${paymentId}/capture`, { paymentId });
    const body = { orderId: saga.split(':')[1], amount: { amount: 30, currency: 'EUR' } };
    const given = n % 2 === 0 ? await ask(`${saga}/refundPayment`, '/refunds', body) : taken;
    return [taken.status, given.status];
  });
  expect(new Set(answers.flat())).toEqual(new Set([200]));
  expect(await unlikeProvider({ pools: { payments: payments.pool }, provider })).toEqual([]);
  const there = provider
    .holds()
    .filter(({ state }) => state === 'captured')
    .reduce((sum, hold) => sum + hold.amount - hold.refunded, 0);
  expect(there).toBe(80 * 100 - 40 * 30);
  const { json } = await payments.ask('GET /ledger');
  expect(json).toEqual({
    accounts: [
      { account: 'bank', currency: 'EUR', balance: there },
      { account: 'sales', currency: 'EUR', balance: -there },
    ],
  });
}, 120_000);
