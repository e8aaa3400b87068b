import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ledger, Payment, Refund } from '../../contracts/payments.ts';
import { paymentsWithProvider } from '../../testing/card-provider.ts';
import {
  startServiceUnderTest,
  type ServiceUnderTest,
} from '../../packages/testing/src/services/service-under-test.ts';

let payments: ServiceUnderTest;
beforeAll(async () => {
  payments = await startServiceUnderTest('payments', paymentsWithProvider);
});
afterAll(() => payments.close());

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const authorize = async (order: string, amount = eur(1800)): Promise<string> => {
  const body = { orderId: order, amount, paymentToken: 'tok_ok' };
  const { json } = await payments.asSaga(`fulfilOrder:${order}/authorizePayment`, '/payments', body);
  return (json as { paymentId: string }).paymentId;
};
/** Money of an order that was taken. */
const captured = async (order: string, amount = eur(1800)): Promise<string> => {
  const paymentId = await authorize(order, amount);
  const path = `/payments/${paymentId}/capture`;
  expect((await payments.asSaga(`fulfilOrder:${order}/capturePayment`, path, { paymentId })).status).toBe(200);
  return paymentId;
};
const refund = (order: string, amount = eur(1800), step = 'refundPayment') =>
  payments.asSaga(`returnOrder:${order}/${step}`, '/refunds', { orderId: order, amount });
const itemsOf = async <T>(path: string, order: string) =>
  ((await payments.ask(`GET ${path}?orderId=${order}`)).json as { items: T[] }).items;
const refundsOf = (order: string) => itemsOf<Refund>('/refunds', order);
const stateOf = async (order: string) => (await itemsOf<Payment>('/payments', order)).map(({ state }) => state);
const balance = async (account: string, currency: string) =>
  ((await payments.ask('GET /ledger')).json as Ledger).accounts.find(
    (each) => each.account === account && each.currency === currency,
  )?.balance;
const EXCEEDS = { status: 409, json: { type: 'urn:amends:refused:exceeds-payment' } };

describe('refund', () => {
  it('P1: gives all of it back, once, in double entry, and the payment is refunded', async () => {
    await captured('o-all', { amount: 250, currency: 'GBP' });
    const money = { amount: 250, currency: 'GBP' };
    const answers = await Promise.all(Array.from({ length: 6 }, () => refund('o-all', money)));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await refundsOf('o-all')).toEqual([{ ...(answers[0]?.json as object), orderId: 'o-all', ...money }]);
    expect(answers[0]?.json).toEqual({ refundId: expect.stringMatching(/^f-/) });
    expect(await stateOf('o-all')).toEqual(['refunded']);
    expect(await balance('bank', 'GBP')).toBe(0);
    expect(await balance('sales', 'GBP')).toBe(0);
  });

  it('gives back in parts: captured until nothing is left, then refunded, and no penny more', async () => {
    await captured('o-parts');
    expect(await refund('o-parts', eur(800), 'first')).toMatchObject({ status: 200 });
    expect(await stateOf('o-parts')).toEqual(['captured']);
    expect(await refund('o-parts', eur(1001), 'tooMuch')).toMatchObject(EXCEEDS);
    expect(await refund('o-parts', eur(1000), 'rest')).toMatchObject({ status: 200 });
    expect(await stateOf('o-parts')).toEqual(['refunded']);
    expect(await refund('o-parts', eur(1), 'more')).toMatchObject(EXCEEDS);
    expect((await refundsOf('o-parts')).map(({ amount }) => amount)).toEqual([800, 1000]);
  });

  it('many refunds of one order at once never exceed what was captured', async () => {
    await captured('o-race', { amount: 1000, currency: 'SEK' });
    const each = { amount: 300, currency: 'SEK' };
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => refund('o-race', each, `part${n}`)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    for (const no of answers.filter(({ status }) => status !== 200)) expect(no).toMatchObject(EXCEEDS);
    expect(await balance('bank', 'SEK')).toBe(100);
    expect(await stateOf('o-race')).toEqual(['captured']);
  });

  it('P8: refuses what was never captured: an unknown order, a hold, a voided hold, another currency', async () => {
    await authorize('o-hold');
    await authorize('o-void');
    await payments.asSaga('fulfilOrder:o-void/authorizePayment', '/saga-operations/undo');
    await captured('o-eur');
    for (const order of ['o-nobody', 'o-hold', 'o-void']) expect(await refund(order)).toMatchObject(EXCEEDS);
    expect(await refund('o-eur', { amount: 1, currency: 'USD' })).toMatchObject(EXCEEDS);
    expect(await refundsOf('o-eur')).toEqual([]);
    expect(await stateOf('o-hold')).toEqual(['authorized']);
  });

  it('gives back nothing of what cost nothing: then too it is refunded, once', async () => {
    await captured('o-free', eur(0));
    expect(await refund('o-free', eur(0))).toMatchObject({ status: 200 });
    expect(await stateOf('o-free')).toEqual(['refunded']);
    expect(await refund('o-free', eur(0), 'again')).toMatchObject(EXCEEDS);
  });

  it('has no undo: money that went back stays there', async () => {
    await captured('o-final');
    await refund('o-final');
    expect(await payments.asSaga('returnOrder:o-final/refundPayment', '/saga-operations/undo')).toMatchObject({
      status: 409,
      json: { type: 'urn:amends:undo-refused:no-undo' },
    });
    expect(await stateOf('o-final')).toEqual(['refunded']);
  });

  it('a capture that is repeated after it answers the time it was taken at, and takes nothing', async () => {
    const paymentId = await captured('o-recapture', { amount: 5, currency: 'NOK' });
    await refund('o-recapture', { amount: 5, currency: 'NOK' });
    const again = `/payments/${paymentId}/capture`;
    expect((await payments.asSaga('fulfilOrder:o-recapture/again', again, { paymentId })).status).toBe(200);
    expect(await balance('bank', 'NOK')).toBe(0);
  });
});

it('the database itself refuses refunds over what was taken, or of what was not', async () => {
  await authorize('o-check-hold');
  await captured('o-check');
  const set = (order: string, change: string) =>
    payments.pool.query(`update payments set ${change} where order_id = $1`, [order]);
  await expect(set('o-check', 'refunded = 1801')).rejects.toThrow('refunds_never_exceed_it');
  await expect(set('o-check', 'refunded = -1')).rejects.toThrow('refunds_never_exceed_it');
  await expect(set('o-check', `state = 'refunded'`)).rejects.toThrow('refunded_is_all_of_it');
  await expect(set('o-check-hold', 'refunded = 1')).rejects.toThrow('refunds_are_of_what_was_taken');
});

it('lists nothing of an unknown order, asks which is meant, and refuses a body that is not of the form', async () => {
  expect(await refundsOf('o-unknown')).toEqual([]);
  expect(await payments.ask('GET /refunds')).toMatchObject({ status: 422, json: { errors: [{ path: 'orderId' }] } });
  expect(await refund('o-half', eur(0.5))).toMatchObject({ status: 422, json: { type: 'urn:amends:invalid' } });
});
