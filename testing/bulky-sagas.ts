// Sagas that carry much, for what is under limits of the server: a run's history, one payload, one workflow task.
import { compensable, pivot } from '../packages/saga/src/index.ts';
import { childSaga, event, payments, shipping } from '../workflows/sagas.ts';
import { oddSaga as odd } from './odd-saga.ts';

const bookShipment = compensable(shipping.book, { undo: 'cancel booking', each: 'parcel', lane: 'durable' });
const receive = event('shop.return.received.v1', { within: '5 minutes' });

/** Of about 900 kB: the server suggests a new run (near 4 MB) after five of them. */
const HUGE_ADDRESS = Object.fromEntries(Array.from({ length: 1_800 }, (_, n) => [`line${n}`, 'x'.repeat(490)]));
const HUGE_PARCELS = 5;
const parcels = Array.from({ length: HUGE_PARCELS }, (_, n) => `p-${n + 1}`);

const parcel = (orderId: string, warehouse: string) => ({
  orderId,
  warehouse,
  shipTo: { country: 'DE', ...HUGE_ADDRESS },
  lines: [{ sku: 'mug', quantity: 1 }],
});

/** Comes to its run's limit, and says when it began. */
export const hugeParcels = odd('hugeParcels', { bookShipment }, async ({ orderId }, step, saga) => {
  for (const name of parcels) await step.bookShipment(name, parcel(orderId, name));
  await step.bookShipment('last', { ...parcel(orderId, 'last'), shipTo: { country: 'DE' } });
  return saga.startedAt;
});

/** Waits for an event first, and answers how large it was. */
export const hugeParcelsAfterEvent = odd(
  'hugeParcelsAfterEvent',
  { bookShipment, receive },
  async ({ orderId }, step) => {
    const { length } = JSON.stringify(await step.receive());
    for (const name of parcels) await step.bookShipment(name, parcel(orderId, name));
    await step.bookShipment('last', { ...parcel(orderId, 'last'), shipTo: { country: 'DE' } });
    return length;
  },
);

/** Comes to its run's limit while one call is slow, and then wants to pay. */
export const paysAtTheLimit = odd(
  'paysAtTheLimit',
  {
    authorizePayment: compensable(payments.authorize, { undo: 'void authorization' }),
    bookShipment,
    capturePayment: pivot(payments.capture),
  },
  async ({ orderId, paymentToken }, step) => {
    const amount = { amount: 1800, currency: 'EUR' };
    const { paymentId } = await step.authorizePayment({ orderId, amount, paymentToken });
    const slow = step.bookShipment('slow', { ...parcel(orderId, 'slow'), shipTo: { country: 'DE' } });
    for (const name of parcels) await step.bookShipment(name, parcel(orderId, name));
    await step.capturePayment({ paymentId });
    await slow;
    return 'paid';
  },
);

/** Four children, each with an input that alone nearly fills what one workflow task may send. */
export const hugeChildren = odd(
  'hugeChildren',
  { book: childSaga('bookParcels', { key: ({ orderId }) => orderId, each: 'child', noUndo: 'they book nothing' }) },
  async ({ orderId }, step) => {
    const shipTo = { country: 'DE', line: 'x'.repeat(1_400_000) };
    const children = ['a', 'b', 'c', 'd'].map((name) =>
      step.book(name, { orderId: `${orderId}-${name}`, shipTo, parcels: [] }),
    );
    await Promise.all(children);
    return 'booked';
  },
);

/** As many children as its customer's name says, all side by side. */
export const manyChildren = odd(
  'manyChildren',
  { book: childSaga('bookParcels', { key: ({ orderId }) => orderId, each: 'child', noUndo: 'they book nothing' }) },
  async ({ orderId, customerId, shipTo }, step) => {
    const names = Array.from({ length: Number(customerId) }, (_, n) => `c-${n + 1}`);
    await Promise.all(names.map((name) => step.book(name, { orderId: `${orderId}-${name}`, shipTo, parcels: [] })));
    return 'booked';
  },
);

/** As many parcels as its customer's name says, all side by side. */
export const manyParcels = odd(
  'manyParcels',
  { bookShipment: compensable(shipping.book, { undo: 'cancel booking', each: 'parcel' }) },
  async ({ orderId, customerId, shipTo, lines }, step) => {
    const numbers = Array.from({ length: Number(customerId) }, (_, n) => n + 1);
    await Promise.all(numbers.map((n) => step.bookShipment(`p-${n}`, { orderId, warehouse: `w-${n}`, shipTo, lines })));
    return 'booked';
  },
);
