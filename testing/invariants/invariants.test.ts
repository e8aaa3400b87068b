import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send } from '../../packages/testing/src/services/saga-client.ts';
import { startShop, type Shop } from '../shop.ts';
import { notConserved, paidAndShipped } from './conservation.ts';
import { liveEffects } from './live-effects.ts';
import { operationsOf, wrongRecords } from '../../packages/testing/src/services/operations.ts';
import { unlikeProvider } from './provider-books.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.close());

const MONEY = { amount: 1800, currency: 'EUR' };

/** An order that is reserved and paid for, as a saga would do it. */
const orderInWork = async () => {
  const orderId = `o-${randomUUID().slice(0, 8)}`;
  const sku = `mug-${orderId}`;
  await shop.putStock(sku, 10);
  const key = (step: string) => `fulfilOrder:${orderId}/${step}`;
  const lines = [{ sku, quantity: 2 }];
  await send(shop.urls.inventory, '/reservations', { key: key('reserveStock'), body: { orderId, lines } });
  const paid = { orderId, amount: MONEY, paymentToken: 'tok_ok' };
  const { json } = await send(shop.urls.payments, '/payments', { key: key('authorizePayment'), body: paid });
  const { paymentId } = json as { paymentId: string };
  return { orderId, sku, key, paymentId };
};

const wrongOf = async (orderId: string, sku: string): Promise<readonly string[]> => {
  const operations = await operationsOf(shop, orderId);
  const { wrong } = await liveEffects(shop, orderId, operations);
  const moved = await notConserved(shop, new Map([[sku, 10]]));
  return [...wrongRecords(operations), ...wrong, ...moved.filter((words) => words.includes(orderId))];
};

describe('the invariants, judged from the databases', () => {
  it('hold of what participants do and undo', async () => {
    const { orderId, sku, key } = await orderInWork();
    expect(await wrongOf(orderId, sku)).toEqual([]);
    expect(await unlikeProvider(shop)).toEqual([]);
    const { live } = await liveEffects(shop, orderId, await operationsOf(shop, orderId));
    expect(live).toEqual([key('reserveStock'), key('authorizePayment')]);
    await send(shop.urls.inventory, '/saga-operations/undo', { key: key('reserveStock') });
    expect(await wrongOf(orderId, sku)).toEqual([]);
    expect((await liveEffects(shop, orderId, await operationsOf(shop, orderId))).live).toEqual([
      key('authorizePayment'),
    ]);
  });
});

describe('the checker reports', () => {
  it('an effect without an operation', async () => {
    const { orderId, sku } = await orderInWork();
    await shop.pools.shipping.query(
      `insert into shipments (shipment_id, order_id, state, tracking_number, country, ship_to, lines)
       values ('h-' || $1::text, $1, 'booked', 'T-' || $1::text, 'DE', '{}', '[]')`,
      [orderId],
    );
    expect(await wrongOf(orderId, sku)).toEqual([`shipping has h-${orderId} of book, and no operation that made it`]);
    expect(await paidAndShipped(shop, orderId)).toEqual([`${orderId}: 0 payments captured, 1 shipments booked`]);
  });

  it('an undo that was lost', async () => {
    const { orderId, sku, key } = await orderInWork();
    await shop.pools.payments.query(`update saga_operations set state = 'undone' where key = $1`, [
      key('authorizePayment'),
    ]);
    expect(await wrongOf(orderId, sku)).toEqual([
      `${key('authorizePayment')} is undone, and what it did is still in force`,
    ]);
  });

  it('a hold at the card provider that its payment does not know of, and one that the provider has let go', async () => {
    const before = await unlikeProvider(shop);
    const { orderId, paymentId } = await orderInWork();
    const held = await unlikeProvider(shop);
    expect(held).toEqual(before);
    await shop.pools.payments.query(`update payments set state = 'voided' where payment_id = $1`, [paymentId]);
    expect(await unlikeProvider(shop)).toContain(
      `${paymentId} is voided 1800 less 0, but at the provider held 1800 less 0`,
    );
    const { rows } = await shop.pools.payments.query<{ hold_id: string }>(
      `update payments set hold_id = 'h-else-' || $1 where order_id = $1 returning (select hold_id from payments where order_id = $1)`,
      [orderId],
    );
    const wrong = await unlikeProvider(shop);
    expect(wrong).toContain(`the provider has ${rows[0]?.hold_id} held, and no payment has it`);
    expect(wrong).toContain(`${paymentId} has a hold that the provider has not`);
  });

  it('an action that took effect twice', async () => {
    const { orderId, sku, paymentId } = await orderInWork();
    await shop.pools.payments.query(
      `insert into payments (payment_id, order_id, state, amount, currency)
       select payment_id || '-again', order_id, state, amount, currency from payments where payment_id = $1`,
      [paymentId],
    );
    expect(await wrongOf(orderId, sku)).toEqual([
      `payments has ${paymentId}-again of authorize, and no operation that made it`,
    ]);
  });

  it('an operation whose effect was lost, and one that was left half-way', async () => {
    const { orderId, sku, key, paymentId } = await orderInWork();
    await shop.pools.payments.query(`delete from payments where payment_id = $1`, [paymentId]);
    await shop.pools.inventory.query(`update saga_operations set state = 'pending' where key = $1`, [
      key('reserveStock'),
    ]);
    const wrong = await wrongOf(orderId, sku);
    expect(wrong).toContain(`${key('authorizePayment')} is done, and left nothing at payments`);
    expect(wrong).toContain(`${key('reserveStock')} is left pending`);
  });

  it('goods that are nowhere, and money that was never posted', async () => {
    const { orderId, sku, paymentId } = await orderInWork();
    await shop.pools.inventory.query('update stock set available = available - 1 where sku = $1', [sku]);
    await shop.pools.payments.query(
      `update payments set state = 'captured', captured_at = now() where payment_id = $1`,
      [paymentId],
    );
    expect(await wrongOf(orderId, sku)).toContain(`${sku}: 9 there, 10 were put on the shelf`);
    expect(await notConserved(shop, new Map())).toContain(
      `${paymentId}: the bank was debited 0, but 1800 were taken and not given back`,
    );
  });
});
