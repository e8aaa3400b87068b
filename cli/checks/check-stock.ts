import { isDeepStrictEqual } from 'node:util';
import type { Stock } from '../../contracts/inventory.ts';
import { goodsOf, type OrderEvidence } from './order-evidence.ts';

/** Where goods can be; their sum never changes. */
export const onHand = ({ available, reserved, shipped }: Omit<Stock, 'sku'>): number => available + reserved + shipped;

/**
 * What is off with the goods: per SKU `initial = available + reserved + shipped`, none of them negative, and no fewer shipped
 * than the orders' reservations say.
 */
export const checkStock = (
  initial: ReadonlyMap<string, number>,
  now: readonly Stock[],
  evidence: readonly OrderEvidence[],
): string[] => {
  const stock = new Map(now.map((item) => [item.sku, item]));
  const shipped = goodsOf(
    evidence.flatMap(({ reservations }) => reservations.filter(({ state }) => state === 'shipped').flatMap(linesOf)),
  );
  return [...initial].flatMap(([sku, begun]) => {
    const item = stock.get(sku);
    if (!item) return [`stock ${sku}: ${begun} were on the shelf, now the inventory does not know it`];
    const parts = `${item.available} available + ${item.reserved} reserved + ${item.shipped} shipped`;
    if (Math.min(item.available, item.reserved, item.shipped) < 0) return [`stock ${sku}: negative: ${parts}`];
    if (onHand(item) !== begun) return [`stock ${sku}: began with ${begun}, is ${parts} = ${onHand(item)}`];
    const sold = shipped.get(sku) ?? 0;
    return item.shipped < sold ? [`stock ${sku}: ${sold} shipped by these orders alone, but is ${parts}`] : [];
  });
};

const linesOf = ({ lines }: OrderEvidence['reservations'][number]) => lines;

/** What is off with one order's goods: a confirmed order has one shipped reservation of its lines and a shipment, any other none. */
export const checkGoods = ({ order, view, reservations, shipments }: OrderEvidence): string[] => {
  const name = `order ${order.orderId}`;
  const held = reservations.filter(({ state }) => state !== 'released');
  const booked = shipments.filter(({ state }) => state === 'booked');
  if (view?.status !== 'confirmed') {
    return [
      ...held.map(({ state, reservationId }) => `${name}: not confirmed, yet reservation ${reservationId} is ${state}`),
      ...booked.map(({ shipmentId }) => `${name}: not confirmed, yet shipment ${shipmentId} is booked`),
    ];
  }
  const [only, ...more] = held;
  const goodsRight =
    only?.state === 'shipped' && more.length === 0 && isDeepStrictEqual(goodsOf(only.lines), goodsOf(order.lines));
  return [
    ...(goodsRight ? [] : [`${name}: confirmed, so one reservation of its lines must be shipped: ${statesOf(held)}`]),
    ...(booked.length === 1 ? [] : [`${name}: confirmed, so one shipment must be booked: there are ${booked.length}`]),
  ];
};

const statesOf = (items: readonly { readonly state: string }[]): string =>
  items.length === 0 ? 'there is none' : items.map(({ state }) => state).join(', ');
