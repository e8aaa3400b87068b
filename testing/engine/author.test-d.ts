// What the compiler refuses an author (design section 3). Compiled with the workflows: an unused expectation is an error.
import { action, outside, participant } from '../../packages/contracts/src/define.ts';
import type { Service } from '../../packages/contracts/src/define.ts';
import type { z } from 'zod';
import { childSaga, event, inventory, notifications, orders, payments, saga, shipping } from '../../workflows/sagas.ts';
import { approval, compensable, pivot, pointOfNoReturn, refused, retriable } from '../../packages/saga/src/index.ts';
import { ports, type Port, type RepeatablesOf } from '../../packages/saga/src/author/ports.ts';
import type { Refusal } from '../../packages/saga/src/author/refusal.ts';
import type { Decision } from '../../packages/saga/src/author/wait-steps.ts';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(isSame: Same<A, B>): void => void isSame;

type Seat = { readonly reference: string; readonly passenger: string };
declare const airlineContract: Service<
  'outside',
  {
    bookSeat: ReturnType<typeof action<Seat, { pnr: string }, 'POST /seats', 'flight-full'>>;
    cancelSeat: ReturnType<typeof action<{ reference: string; pnr: string | null }, object, 'POST /cancellations'>>;
  }
>;
const { airline } = ports<{ airline: typeof airlineContract }, 'outside'>('outside');

// ── a compensable step says how it is undone, or why not
// @ts-expect-error no undo, no reason
compensable(inventory.reserve, {});
// @ts-expect-error no options at all
compensable(inventory.reserve);
compensable(inventory.reserve, { noUndo: 'lapses after 15 minutes' });
// @ts-expect-error not what the service calls its undo
compensable(inventory.reserve, { undo: 'void authorization' });
// @ts-expect-error the service cannot undo this
compensable(payments.capture, { undo: 'uncapture' });
// @ts-expect-error an outsider has no undo by key: it needs an action
compensable(airline.bookSeat, { undo: 'cancel seat' });

// ── a semantic lock is a step that is undone
compensable(orders.accept, { undo: 'release order', lock: true });
// @ts-expect-error nothing is undone
compensable(orders.accept, { noUndo: 'nobody minds', lock: true });
// @ts-expect-error it is never undone
pivot(payments.capture, { lock: true });
// @ts-expect-error it is never undone
retriable(notifications.send, { lock: true });

// ── the undo of an outsider answers for a missing output
compensable(airline.bookSeat, {
  undo: airline.cancelSeat,
  given: (seat, booking) => ({ reference: seat.reference, pnr: booking?.pnr ?? null }),
});
compensable(airline.bookSeat, {
  undo: airline.cancelSeat,
  // @ts-expect-error booking may be undefined
  given: (seat, booking) => ({ reference: seat.reference, pnr: booking.pnr }),
});
// @ts-expect-error not the undo action's input
compensable(airline.bookSeat, { undo: airline.cancelSeat, given: (seat) => ({ reference: seat.reference }) });
compensable(airline.bookSeat, {
  // @ts-expect-error an outsider is never called in the fast lane
  lane: 'fast',
  undo: airline.cancelSeat,
  given: (seat) => ({ reference: seat.reference, pnr: null }),
});
// @ts-expect-error a pivot is settled by key: only a participant can
pivot(airline.bookSeat);

// ── refusal codes are the action's
compensable(payments.authorize, { undo: 'void authorization', expects: ['declined'] });
// @ts-expect-error misspelt code
compensable(payments.authorize, { undo: 'void authorization', expects: ['decline'] });
// @ts-expect-error a retriable step expects no refusal
retriable(notifications.send, { expects: ['declined'] });
// @ts-expect-error it can be refused: past the pivot that must have an answer
retriable(payments.authorize);
retriable(payments.authorize, { whenExhausted: 'park' });
// ── an outsider is sent an action once: past the point that must have an answer
// @ts-expect-error it may be that nobody ever knows
retriable(airline.cancelSeat);
retriable(airline.cancelSeat, { whenExhausted: 'park' });
declare const railwayContract: Service<
  'outside',
  { sell: ReturnType<typeof action<Seat, object, 'POST /tickets', never, undefined, true>> }
>;
type Railway = { railway: typeof railwayContract };
const { railway } = ports<Railway, 'outside'>('outside', { railway: { sell: true } });
retriable(railway.sell);
same<RepeatablesOf<Railway>, [repeatable: { readonly railway: { readonly sell: true } }]>(true);
same<RepeatablesOf<{ airline: typeof airlineContract }>, []>(true);
// @ts-expect-error the pivot has no instances
pivot(payments.capture, { each: 'card' });

// ── waits and children
// @ts-expect-error unknown event type
event('shop.return.recieved.v1', { within: '1 day' });
// @ts-expect-error a wait has an end
event('shop.return.received.v1', {});
// @ts-expect-error not a duration
event('shop.return.received.v1', { within: '2 huors' });
// @ts-expect-error what holds when nobody answers has to be said
approval({ within: '1 day' });
// @ts-expect-error neither approved nor denied
approval({ within: '1 day', otherwise: 'maybe' });
const key = ({ orderId }: { orderId: string }): string => orderId;
childSaga('bookParcels', { key, noUndo: 'nobody minds' });
// @ts-expect-error no undo, no reason
childSaga('bookParcels', { key });
// @ts-expect-error no such saga in the contracts
childSaga('bookParcel', { key, noUndo: 'nobody minds' });
// @ts-expect-error the key is made of the child's input
childSaga('bookParcels', { key: ({ parcelId }) => parcelId, noUndo: 'nobody minds' });
childSaga('bookParcels', {
  key,
  undo: 'cancelParcels',
  // @ts-expect-error the result may be undefined: nobody knows how the child ended
  given: ({ orderId }, result) => ({ orderId, warehouses: result.shipments.map((shipment) => shipment.warehouse) }),
});
// @ts-expect-error not the undo saga's input
childSaga('bookParcels', { key, undo: 'cancelParcels', given: ({ orderId }) => ({ orderId }) });
// @ts-expect-error not one of the child's refusals
childSaga('returnOrder', { key, expects: ['denied'], noUndo: 'nobody minds' });

// ── the steps record
const steps = {
  acceptOrder: compensable(orders.accept, { undo: 'release order' }),
  reserveStock: compensable(inventory.reserve, { undo: 'release stock', each: 'warehouse' }),
  authorizePayment: compensable(payments.authorize, { undo: 'void authorization', expects: ['declined'] }),
  bookShipment: compensable(shipping.book, { undo: 'cancel booking' }),
  capturePayment: pivot(payments.capture),
  shipStock: retriable(inventory.ship),
  notifyCustomer: retriable(notifications.send, { whenExhausted: 'skip' }),
};
const result = { trackingNumber: 'T' };
// @ts-expect-error two pivots
saga('fulfilOrder', { steps: { ...steps, again: pivot(payments.capture) } }, async () => result);
// @ts-expect-error the engine uses this name
saga('fulfilOrder', { steps: { ...steps, flow: retriable(inventory.ship) } }, async () => result);
// @ts-expect-error the name of another step's undo
saga('fulfilOrder', { steps: { ...steps, undoShipStock: retriable(inventory.ship) } }, async () => result);
// @ts-expect-error no name of a step
saga('fulfilOrder', { steps: { ...steps, 'engine:sweep': retriable(inventory.ship) } }, async () => result);
// @ts-expect-error no such saga in the contracts
saga('fulfillOrder', { steps }, async () => result);
// @ts-expect-error not the contract's result
saga('fulfilOrder', { steps }, async () => ({}));
// @ts-expect-error not a duration
saga('fulfilOrder', { deadline: '2 huors', steps }, async () => result);

// ── the flow
saga('fulfilOrder', { steps }, async (order, step, { startedAt, refuse }) => {
  const amount = { amount: 1, currency: 'EUR' };
  const parcel = { orderId: 'o', shipTo: order.shipTo, lines: order.lines };
  same<ReturnType<typeof step.authorizePayment>, Promise<{ paymentId: string } | Refusal<'declined'>>>(true);
  // @ts-expect-error not the action's input
  void step.acceptOrder({ orderId: 'o' });
  // @ts-expect-error a loop step without its key
  void step.reserveStock({ orderId: 'o', lines: [] });
  void step.reserveStock('w-1', { orderId: 'o', lines: [] });
  // @ts-expect-error a key for a step that has no instances
  void step.bookShipment('w-1', parcel);
  // @ts-expect-error no such step
  void step.reserveStok;
  // @ts-expect-error a missing await shows as soon as the answer is used
  void step.bookShipment(parcel).trackingNumber;
  // @ts-expect-error a promise is no input
  void step.capturePayment({ paymentId: step.acceptOrder(order) });
  const authorization = await step.authorizePayment({ orderId: 'o', amount, paymentToken: 't' });
  // @ts-expect-error the expected refusal has not been looked at
  void step.capturePayment({ paymentId: authorization.paymentId });
  // @ts-expect-error fulfilOrder declares no refusals of its own
  if (refused(authorization)) throw refuse('whatever');
  // @ts-expect-error a retriable step before the point of no return
  void step.shipStock({ reservationId: 'r' });

  void new Date(startedAt).getTime();

  pointOfNoReturn(step);
  // @ts-expect-error a compensable step past it
  void step.bookShipment(parcel);
  // @ts-expect-error the pivot past it
  void step.capturePayment({ paymentId: 'p' });
  void (await step.shipStock({ reservationId: 'r' })).shippedAt;
  const told = await step.notifyCustomer({ orderId: 'o', customerId: 'c', template: 'order-confirmed' });
  same<typeof told, { notificationId: string } | undefined>(true);
  return result;
});
saga(
  'returnOrder',
  {
    steps: {
      approve: approval({ within: '1 day', otherwise: 'denied' }),
      parcel: event('shop.return.received.v1', { within: '14 days' }),
      again: childSaga('returnOrder', { key, expects: ['return-denied'], noUndo: 'nobody minds' }),
      refund: pivot(payments.refund),
    },
  },
  async (order, step, { refuse }) => {
    same<ReturnType<typeof step.approve>, Promise<Decision>>(true);
    same<Awaited<ReturnType<typeof step.again>>, { refundId: string } | Refusal<'return-denied'>>(true);
    // @ts-expect-error a wait takes nothing
    void step.approve(order);
    // @ts-expect-error it may not have come
    void (await step.parcel()).condition;
    void (await step.parcel())?.condition;
    // @ts-expect-error not one of returnOrder's refusals
    if (order.reason === '') throw refuse('denied');
    const { refundId } = await step.refund(order);
    pointOfNoReturn(step);
    void (await step.parcel());
    // @ts-expect-error a child past it
    void step.again(order);
    return { refundId };
  },
);
// past the point only in a branch: after it, before-ness comes back
saga('fulfilOrder', { steps }, async (order, step) => {
  if (order.lines.length > 1) {
    pointOfNoReturn(step);
    await step.shipStock({ reservationId: 'r' });
  }
  // @ts-expect-error joined with the branch that has not passed it
  await step.shipStock({ reservationId: 'r' });
  return result;
});

// ── contracts
declare const Id: z.ZodType<{ id: string }>;
declare const None: z.ZodType<object>;
const example = { input: { id: '1' }, output: {} };
// @ts-expect-error the route asks for a field that the input lacks
action({ route: 'POST /x/{nope}', input: Id, output: None, example });
// @ts-expect-error no method
action({ route: '/points/add', input: Id, output: None, example });
// @ts-expect-error a method is written in capitals
action({ route: 'post /x', input: Id, output: None, example });
// @ts-expect-error no such method
action({ route: 'SEND /x', input: Id, output: None, example });
// @ts-expect-error a path begins with a slash
action({ route: 'POST x', input: Id, output: None, example });
// @ts-expect-error a path has no blanks
action({ route: 'POST /x /y', input: Id, output: None, example });
declare const Deep: z.ZodType<{ to: { country: string }; ids: string[]; maybe?: string; count: number }>;
const deep = { input: { to: { country: 'DE' }, ids: [], count: 1 }, output: {} };
// @ts-expect-error an object is no part of a path
action({ route: 'POST /x/{to}', input: Deep, output: None, example: deep });
// @ts-expect-error nor is a list
action({ route: 'POST /x/{ids}', input: Deep, output: None, example: deep });
// @ts-expect-error nor what may be missing
action({ route: 'POST /x/{maybe}', input: Deep, output: None, example: deep });
action({ route: 'PUT /x/{count}', input: Deep, output: None, example: deep });
// @ts-expect-error the example is not the schema's
action({ route: 'POST /x/{id}', input: Id, output: None, example: { input: {}, output: {} } });
const undoable = action({ route: 'POST /x', input: Id, output: None, undo: 'x', example });
// @ts-expect-error only participants undo by key
outside({ undoable });
participant({ undoable });
export type AnyPort = Port;
