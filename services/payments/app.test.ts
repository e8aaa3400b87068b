import { connect } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Ledger } from '../../contracts/payments.ts';
import { serve } from '../../packages/runtime/src/http/serve.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import { paymentsWithProvider } from '../../testing/card-provider.ts';
import {
  startServiceUnderTest,
  type ServiceUnderTest,
} from '../../packages/testing/src/services/service-under-test.ts';
import { createApp } from './app.ts';
import { createCardProvider } from './card-provider.ts';

/** Nobody is there. */
const provider = createCardProvider('http://127.0.0.1:1');
let payments: ServiceUnderTest;
beforeAll(async () => {
  payments = await startServiceUnderTest('payments', paymentsWithProvider);
});
afterAll(() => payments.close());

const amount = { amount: 1800, currency: 'EUR' };
const authorizeKey = (order: string) => `fulfilOrder:${order}/authorizePayment`;
const authorize = (order: string, paymentToken = 'tok_ok', money = amount) =>
  payments.asSaga(authorizeKey(order), '/payments', { orderId: order, amount: money, paymentToken });
const undo = (order: string) => payments.asSaga(authorizeKey(order), '/saga-operations/undo');
const capture = (order: string, paymentId: string) =>
  payments.asSaga(`fulfilOrder:${order}/capturePayment`, `/payments/${paymentId}/capture`, { paymentId });
const idOf = ({ json }: { json: unknown }) => (json as { paymentId: string }).paymentId;
const paymentsOf = async (order: string) =>
  ((await payments.ask(`GET /payments?orderId=${order}`)).json as { items: { state: string }[] }).items;
const ledger = async () =>
  ((await payments.ask('GET /ledger')).json as { accounts: { account: string; currency: string; balance: number }[] })
    .accounts;

describe('authorize, void, capture', () => {
  it('holds an amount, and lets it go when told to undo, once', async () => {
    const held = await authorize('o-void');
    expect(held.status).toBe(200);
    expect(await paymentsOf('o-void')).toEqual([
      { paymentId: idOf(held), orderId: 'o-void', state: 'authorized', ...amount },
    ]);
    expect((await undo('o-void')).status).toBe(200);
    expect((await undo('o-void')).status).toBe(200);
    expect(await paymentsOf('o-void')).toMatchObject([{ state: 'voided' }]);
  });

  it('P1: authorizes once however often it is asked, with the same answer byte for byte', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => authorize('o-once')));
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
    expect(await paymentsOf('o-once')).toHaveLength(1);
  });

  it.each([
    ['tok_declined', 'declined'],
    ['tok_expired', 'expired'],
    ['tok_of_nobody', 'declined'],
  ])('P8: refuses %s as %s, and holds nothing', async (token, code) => {
    expect(await authorize(`o-${token}`, token)).toMatchObject({
      status: 409,
      json: { type: `urn:amends:refused:${code}` },
    });
    expect(await paymentsOf(`o-${token}`)).toEqual([]);
  });

  it('captures what was held, once, and posts it in double entry', async () => {
    const paymentId = idOf(await authorize('o-capture', 'tok_ok', { amount: 250, currency: 'GBP' }));
    const captured = await capture('o-capture', paymentId);
    expect(captured).toMatchObject({ status: 200, json: { capturedAt: expect.stringMatching(/\.\d{3}Z$/) } });
    expect((await capture('o-capture', paymentId)).text).toBe(captured.text);
    const again = await payments.asSaga('fulfilOrder:o-capture/again', `/payments/${paymentId}/capture`, { paymentId });
    expect(again.json).toEqual(captured.json);
    expect((await ledger()).filter((each) => each.currency === 'GBP')).toEqual([
      { account: 'bank', currency: 'GBP', balance: 250 },
      { account: 'sales', currency: 'GBP', balance: -250 },
    ]);
    expect(await paymentsOf('o-capture')).toMatchObject([{ state: 'captured' }]);
  });

  it('refuses to capture a hold that was voided or never was: authorization-lapsed', async () => {
    const paymentId = idOf(await authorize('o-lapsed'));
    await undo('o-lapsed');
    const refused = { status: 409, json: { type: 'urn:amends:refused:authorization-lapsed' } };
    expect(await capture('o-lapsed', paymentId)).toMatchObject(refused);
    expect(await capture('o-never', 'p-never')).toMatchObject(refused);
    expect(await paymentsOf('o-lapsed')).toMatchObject([{ state: 'voided' }]);
  });

  it('cannot void what has been captured: the undo is refused, and the money stays taken', async () => {
    const paymentId = idOf(await authorize('o-taken'));
    await capture('o-taken', paymentId);
    expect(await undo('o-taken')).toMatchObject({ status: 409, json: { type: 'urn:amends:undo-refused:captured' } });
    expect(await paymentsOf('o-taken')).toMatchObject([{ state: 'captured' }]);
  });

  it('takes amounts that JavaScript counts exactly, and zero, and no others', async () => {
    const most = { amount: Number.MAX_SAFE_INTEGER, currency: 'JPY' };
    await capture('o-most', idOf(await authorize('o-most', 'tok_ok', most)));
    expect(await paymentsOf('o-most')).toMatchObject([{ amount: Number.MAX_SAFE_INTEGER }]);
    const none = idOf(await authorize('o-free', 'tok_ok', { amount: 0, currency: 'JPY' }));
    expect((await capture('o-free', none)).status).toBe(200);
    expect(await authorize('o-half', 'tok_ok', { amount: 0.5, currency: 'EUR' })).toMatchObject({ status: 422 });
  });
});

describe('tok_answer_lost', () => {
  it('closes the connection without a byte after the commit, once, and then tells what it did', async () => {
    await expect(authorize('o-lost', 'tok_answer_lost')).rejects.toThrow('fetch failed');
    const [held] = await paymentsOf('o-lost');
    expect(held).toMatchObject({ state: 'authorized' });
    const told = await authorize('o-lost', 'tok_answer_lost');
    expect(told).toMatchObject({ status: 200, json: { paymentId: (held as { paymentId?: string }).paymentId } });
    expect(told.headers.get('idempotent-replayed')).toBe('true');
    expect(await paymentsOf('o-lost')).toHaveLength(1);
  });

  it('sends not one byte of the lost answer', async () => {
    const body = JSON.stringify({ orderId: 'o-bytes', amount, paymentToken: 'tok_answer_lost' });
    const socket = connect(Number(new URL(payments.url).port), '127.0.0.1');
    let received = 0;
    socket.on('data', (chunk) => (received += chunk.length)).on('error', () => undefined);
    socket.write(
      `POST /payments HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: ${authorizeKey('o-bytes')}\r\n` +
        `Saga-Started: ${new Date().toISOString()}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await once(socket, 'close');
    expect(received).toBe(0);
  });

  it('is lost once also when the service starts anew in between, and whether or not the key is quoted', async () => {
    await expect(authorize('o-anew', 'tok_answer_lost')).rejects.toThrow('fetch failed');
    const app = createApp({
      pool: payments.pool,
      log: createLog('payments', 'silent'),
      maxBodyBytes: 10_000,
      provider,
    });
    const anew = await serve(app, { host: '127.0.0.1', port: 0 });
    const response = await fetch(`http://127.0.0.1:${anew.port}/payments`, {
      method: 'POST',
      headers: {
        'idempotency-key': `"${authorizeKey('o-anew')}"`,
        'saga-started': new Date().toISOString(),
        'content-type': 'application/json',
      },
      body: JSON.stringify({ orderId: 'o-anew', amount, paymentToken: 'tok_answer_lost' }),
    });
    expect(response.status).toBe(200);
    await anew.close();
  });

  it('can be undone by its key, which the caller knows without the answer', async () => {
    await expect(authorize('o-lost-undo', 'tok_answer_lost')).rejects.toThrow('fetch failed');
    expect((await undo('o-lost-undo')).status).toBe(200);
    expect(await paymentsOf('o-lost-undo')).toMatchObject([{ state: 'voided' }]);
  });
});

describe('tok_slow', () => {
  it('P4: answers after 8 s from the first request; one undone meanwhile takes no effect when it comes late', async () => {
    const began = performance.now();
    const slow = authorize('o-slow', 'tok_slow');
    const late = authorize('o-late', 'tok_slow');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const repeat = authorize('o-slow', 'tok_slow');
    expect((await undo('o-late')).status).toBe(200);
    expect(performance.now() - began).toBeLessThan(4_000);
    expect(await paymentsOf('o-slow')).toEqual([]);

    const first = await slow;
    expect(first.status).toBe(200);
    expect(performance.now() - began).toBeGreaterThan(7_900);
    expect((await repeat).text).toBe(first.text);
    expect(performance.now() - began).toBeLessThan(9_500);
    expect(await late).toMatchObject({ status: 409, json: { type: 'urn:amends:blocked' } });
    expect(await paymentsOf('o-late')).toEqual([]);
    const stored = performance.now();
    expect((await authorize('o-slow', 'tok_slow')).text).toBe(first.text);
    expect(performance.now() - stored).toBeLessThan(1_000);
  });
});

it('tells sums past 2^53-1 exactly, as whole numbers that balance', async () => {
  const most = { amount: Number.MAX_SAFE_INTEGER, currency: 'ISK' };
  for (const order of ['o-most-1', 'o-most-2', 'o-most-3']) {
    const captured = await capture(order, idOf(await authorize(order, 'tok_ok', most)));
    expect(captured.status).toBe(200);
  }
  const { status, text, json } = await payments.ask('GET /ledger');
  expect(status).toBe(200);
  expect(text).toContain('{"account":"bank","currency":"ISK","balance":27021597764222973}');
  expect(text).toContain('{"account":"sales","currency":"ISK","balance":-27021597764222973}');
  const balances = Ledger.parse(json).accounts.filter(({ currency }) => currency === 'ISK');
  expect(balances.reduce((sum, { balance }) => sum + balance, 0)).toBe(0);
});

/** Posts to the ledger past the service. */
const post = async (...sums: [currency: string, amount: number][]) => {
  const paymentId = idOf(await authorize('o-ledger'));
  const client = await payments.pool.connect();
  const transaction = crypto.randomUUID();
  try {
    await client.query('begin');
    await client.query(`insert into ledger_transactions values ($1, $2, 'capture')`, [transaction, paymentId]);
    for (const [currency, sum] of sums) {
      await client.query(
        `insert into postings (transaction_id, account, currency, amount) values ($1, 'bank', $2, $3)`,
        [transaction, currency, sum],
      );
    }
    await client.query('commit');
  } finally {
    client.release(true);
  }
};

describe('the database itself', () => {
  it('refuses a ledger transaction whose postings do not sum to zero in each currency', async () => {
    await expect(post(['CHF', 100])).rejects.toThrow('is off by 100 CHF');
    await expect(post(['CHF', 100], ['EUR', -100])).rejects.toThrow('is off by');
    await expect(post()).rejects.toThrow('has no postings');
    await post(['CHF', 100], ['CHF', -100]);
    expect((await ledger()).find((each) => each.currency === 'CHF')).toMatchObject({ balance: 0 });
  });

  it('lets nobody change or take back what was posted', async () => {
    await post(['CHF', 5], ['CHF', -5]);
    for (const statement of ['update postings set amount = 0', 'delete from postings', 'truncate postings']) {
      await expect(payments.pool.query(statement)).rejects.toThrow('append-only');
    }
  });

  it('refuses amounts that are negative or that JavaScript cannot count exactly', async () => {
    await authorize('o-check');
    for (const wrong of ['-1', '9007199254740992']) {
      await expect(payments.pool.query(`update payments set amount = ${wrong}`)).rejects.toThrow(
        'amount_is_counted_exactly',
      );
    }
  });
});

it('sums to zero in every currency, whatever has happened', async () => {
  const sums = new Map<string, number>();
  for (const { currency, balance } of await ledger()) sums.set(currency, (sums.get(currency) ?? 0) + balance);
  expect(sums.size).toBeGreaterThan(2);
  expect([...sums.values()].every((sum) => sum === 0)).toBe(true);
});

it('asks for the token before a card plays its trick: nothing is written, nobody waits', async () => {
  const guarded = createApp({
    pool: payments.pool,
    log: createLog('payments', 'silent'),
    maxBodyBytes: 10_000,
    provider,
    token: 'a-token-of-at-least-16',
  });
  const key = authorizeKey('o-stranger');
  const began = performance.now();
  const answer = await guarded.request('/payments', {
    method: 'POST',
    headers: { 'idempotency-key': key, 'saga-started': new Date().toISOString(), 'content-type': 'application/json' },
    body: JSON.stringify({ orderId: 'o-stranger', amount, paymentToken: 'tok_slow' }),
  });
  expect(answer.status).toBe(401);
  expect(performance.now() - began).toBeLessThan(4_000);
  const { rows } = await payments.pool.query('select from card_tricks where key = $1', [key]);
  expect(rows).toHaveLength(0);
});
