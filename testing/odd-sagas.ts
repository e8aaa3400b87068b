// Sagas that only tests run: each breaks one rule, or shows one corner. Bundled together with the project's own.
import type { Order } from '../contracts/orders.ts';
import { approval, compensable, pivot, pointOfNoReturn, refused, retriable } from '../packages/saga/src/index.ts';
import type { Before, Passed } from '../packages/saga/src/author/step-calls.ts';
import { event, inventory, notifications, orders, payments, shipping } from '../workflows/sagas.ts';
import { oddSaga as odd } from './odd-saga.ts';

export * from '../workflows/index.ts';
export * from './bulky-sagas.ts';
export * from './outsider-sagas.ts';
export * from './refusable-sagas.ts';

const acceptOrder = compensable(orders.accept, { undo: 'release order' });
const reserveStock = compensable(inventory.reserve, { undo: 'release stock' });
const authorizePayment = compensable(payments.authorize, { undo: 'void authorization' });
const bookShipment = compensable(shipping.book, { undo: 'cancel booking' });
const capturePayment = pivot(payments.capture);
const notifyCustomer = retriable(notifications.send);

const amount = { amount: 1800, currency: 'EUR' };
const mail = ({ orderId, customerId }: Order) => ({ orderId, customerId, template: 'order-confirmed' as const });

/** Catches whatever its steps throw, and carries on. */
export const swallows = odd('swallows', { reserveStock, bookShipment }, async (order, step) => {
  await step.reserveStock(order);
  try {
    await step.bookShipment(order);
  } catch {
    // an author who thinks that nothing happened
  }
  return 'fine';
});

/** Forgets to await its second step. */
export const forgets = odd('forgets', { reserveStock, bookShipment }, async (order, step) => {
  await step.reserveStock(order);
  // oxlint-disable-next-line typescript/no-floating-promises -- the author's mistake
  step.bookShipment(order);
  return 'fine';
});

/** Breaks in its own code. */
export const breaks = odd('breaks', { reserveStock }, async (order, step) => {
  await step.reserveStock(order);
  throw new TypeError('no such thing');
});

/** Breaks with words of its input's. */
export const saysItsCustomer = odd('saysItsCustomer', { reserveStock }, async (order, step) => {
  await step.reserveStock(order);
  throw new TypeError(order.customerId);
});

/** Breaks past the point of no return. */
export const breaksLate = odd(
  'breaksLate',
  { authorizePayment, capturePayment, notifyCustomer },
  async (order, step) => {
    const { paymentId } = await step.authorizePayment({ ...order, amount });
    await step.capturePayment({ paymentId });
    pointOfNoReturn(step);
    await step.notifyCustomer(mail(order));
    throw new TypeError('no such thing');
  },
);

/** Calls a step twice without an instance. */
export const callsTwice = odd('callsTwice', { reserveStock }, async (order, step) => {
  await step.reserveStock(order);
  await step.reserveStock(order);
});

/** Mails before the point of no return. */
export const mailsEarly = odd('mailsEarly', { reserveStock, notifyCustomer }, async (order, step) => {
  await step.reserveStock(order);
  await (step as unknown as Before<{ notifyCustomer: typeof notifyCustomer }> & Passed).notifyCustomer(mail(order));
});

/** Reserves past the point of no return. */
export const reservesLate = odd(
  'reservesLate',
  { authorizePayment, capturePayment, reserveStock },
  async (order, step) => {
    const { paymentId } = await step.authorizePayment({ ...order, amount });
    await step.capturePayment({ paymentId });
    await step.reserveStock(order);
  },
);

/** Passes the point before its pivot. */
export const passesEarly = odd('passesEarly', { reserveStock, capturePayment }, async (order, step) => {
  await step.reserveStock(order);
  pointOfNoReturn(step);
});

/** Tries a second card when the first is declined. */
export const secondCard = odd(
  'secondCard',
  {
    authorizePayment: compensable(payments.authorize, {
      undo: 'void authorization',
      each: 'card',
      expects: ['declined'],
    }),
    capturePayment,
  },
  async (order, step) => {
    let authorization = await step.authorizePayment('first', { ...order, amount });
    if (refused(authorization)) {
      authorization = await step.authorizePayment('second', { ...order, amount, paymentToken: 'tok_ok' });
    }
    if (refused(authorization)) return 'no card';
    await step.capturePayment(authorization);
    pointOfNoReturn(step);
    return 'paid';
  },
);

/** One parcel a line, then nothing is served any more: the saga's own no. */
export const parcels = odd(
  'parcels',
  { bookShipment: compensable(shipping.book, { undo: 'cancel booking', each: 'parcel' }) },
  async ({ orderId, shipTo, lines }, step, saga) => {
    await Promise.all(lines.map((line, n) => step.bookShipment(`p-${n + 1}`, { orderId, shipTo, lines: [line] })));
    throw saga.refuse('too-many-parcels', 'nobody carries that much');
  },
);

/** Has no pivot: the point itself is one. */
export const withoutPivot = odd('withoutPivot', { reserveStock, notifyCustomer }, async (order, step) => {
  await step.reserveStock(order);
  pointOfNoReturn(step);
  await step.notifyCustomer(mail(order));
  return 'told';
});

/** Has no pivot, and says no before the point. */
export const refusesBeforeThePoint = odd(
  'refusesBeforeThePoint',
  { reserveStock, notifyCustomer },
  async (order, step, saga) => {
    await step.reserveStock(order);
    throw saga.refuse('no');
  },
);

/** Takes its semantic lock after something else. */
export const locksLate = odd(
  'locksLate',
  { reserveStock, acceptOrder: compensable(orders.accept, { undo: 'release order', lock: true }) },
  async (order, step, saga) => {
    await step.reserveStock(order);
    await step.acceptOrder(order);
    throw saga.refuse('no');
  },
);

/** Sends more than Temporal takes. */
export const tooMuch = odd('tooMuch', { acceptOrder, reserveStock }, async (order, step) => {
  await step.acceptOrder(order);
  await step.reserveStock({ ...order, orderId: 'x'.repeat(1_900_000) });
});

/** One fails while its siblings are in flight. */
export const siblings = odd('siblings', { reserveStock, authorizePayment, bookShipment }, async (order, step) => {
  await Promise.all([step.reserveStock(order), step.authorizePayment({ ...order, amount }), step.bookShipment(order)]);
});

/** Returns more than an event can carry. */
export const saysTooMuch = odd('saysTooMuch', { reserveStock }, async (order, step) => {
  await step.reserveStock(order);
  return 'x'.repeat(1_000_000);
});

/** Takes the inventory for an outsider, and does not think of the outcome that nobody knows. */
export const forgetsTheUnknown = odd(
  'forgetsTheUnknown',
  {
    reserveStock: {
      ...reserveStock,
      serviceKind: 'outside' as const,
      repeatable: false,
      undo: {
        service: 'inventory',
        action: 'ship',
        repeatable: false,
        given: (_input: unknown, output: unknown) => ({
          reservationId: (output as { reservationId: string }).reservationId,
        }),
      },
    },
  },
  async (order, step) => {
    await (step as unknown as { reserveStock: (input: Order) => Promise<unknown> }).reserveStock(order);
  },
);

/** One step, and no way past it. */
export const reservesOnly = odd('reservesOnly', { reserveStock }, async (order, step) => {
  await step.reserveStock(order);
});

const parcelLane = compensable(shipping.book, { undo: 'cancel booking', each: 'parcel', lane: 'durable' });
/** An address of about 150 kB. */
const LONG_ADDRESS = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`line${n}`, 'x'.repeat(490)]));

/** Sends as many bulky requests as its customer's name says, all through the history; then says no. */
export const bulky = odd('bulky', { bookShipment: parcelLane }, async ({ orderId, customerId, lines }, step, saga) => {
  for (let n = 1; n <= Number(customerId); n++) {
    await step.bookShipment(`p-${n}`, {
      orderId,
      warehouse: `w-${n}`,
      shipTo: { country: 'DE', ...LONG_ADDRESS },
      lines,
    });
  }
  throw saga.refuse('enough');
});

/** The same, and then waits. */
export const bulkyWait = odd(
  'bulkyWait',
  {
    bookShipment: parcelLane,
    receive: event('shop.return.received.v1', { within: '1 minute' }),
    approve: approval({ within: '1 minute', otherwise: 'denied' }),
  },
  async ({ orderId, customerId, lines }, step) => {
    const received = step.receive();
    for (let n = 1; n <= Number(customerId); n++) {
      await step.bookShipment(`p-${n}`, {
        orderId,
        warehouse: `w-${n}`,
        shipTo: { country: 'DE', ...LONG_ADDRESS },
        lines,
      });
    }
    const { decision, by } = await step.approve();
    return { event: await received, decision, by };
  },
);

/** Asks a person past its point of no return, and breaks on whatever it hears. */
export const asksThenBreaks = odd(
  'asksThenBreaks',
  { reserveStock, approve: approval({ within: '1 minute', otherwise: 'denied' }) },
  async (order, step) => {
    await step.reserveStock(order);
    pointOfNoReturn(step);
    const { decision, by } = await step.approve();
    throw new TypeError(`${decision} by ${by ?? 'nobody'}`);
  },
);

/** One parcel a line, all side by side, and after each a reservation of its own. */
export const sideBySide = odd(
  'sideBySide',
  {
    bookShipment: compensable(shipping.book, { undo: 'cancel booking', each: 'parcel' }),
    reserveStock: compensable(inventory.reserve, { undo: 'release stock', each: 'parcel' }),
  },
  async ({ orderId, shipTo, lines }, step) => {
    await Promise.all(
      lines.map(async (line, n) => {
        await step.bookShipment(`p-${n + 1}`, { orderId, warehouse: `w-${n + 1}`, shipTo, lines: [line] });
        await step.reserveStock(`p-${n + 1}`, { orderId, lines: [line] });
      }),
    );
    return 'booked';
  },
);

/** Pays unless the goods have come back in time. */
export const paysUnlessReturned = odd(
  'paysUnlessReturned',
  {
    authorizePayment,
    receive: event('shop.return.received.v1', { within: '1 second' }),
    capturePayment,
    notifyCustomer,
  },
  async (order, step, saga) => {
    const { paymentId } = await step.authorizePayment({ ...order, amount });
    if ((await step.receive()) !== undefined) throw saga.refuse('returned');
    await step.capturePayment({ paymentId });
    pointOfNoReturn(step);
    await step.notifyCustomer(mail(order));
    return 'paid';
  },
);

/** Takes the inventory for an outsider, which it calls before a participant. */
export const outsiderFirst = odd(
  'outsiderFirst',
  {
    reserveStock: {
      ...reserveStock,
      serviceKind: 'outside' as const,
      repeatable: false,
      lane: 'durable' as const,
      undo: {
        service: 'inventory',
        action: 'ship',
        repeatable: false,
        given: (_input: unknown, output: unknown) => ({
          reservationId: (output as { reservationId?: string } | undefined)?.reservationId,
        }),
      },
    },
    authorizePayment,
  },
  async (order, step) => {
    await (step as unknown as { reserveStock: (input: Order) => Promise<unknown> }).reserveStock(order);
    await step.authorizePayment({ ...order, amount });
    return 'paid';
  },
);
