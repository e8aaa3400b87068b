import type { z } from 'zod';
import type { SagaEnd, SagaEventData } from '@amends/contracts';
import { fulfilOrder, fulfilSplitOrder } from '../../contracts/sagas.ts';
import type { ShopEvent } from '../shop-event.ts';

/** The types of the events with which a saga says how an order ended. */
export const ORDER_ENDS = [
  'fulfilOrder.completed.v1',
  'fulfilOrder.compensated.v1',
  'fulfilOrder.cancelled.v1',
  'fulfilSplitOrder.completed.v1',
  'fulfilSplitOrder.compensated.v1',
  'fulfilSplitOrder.cancelled.v1',
] as const satisfies readonly `${'fulfilOrder' | 'fulfilSplitOrder'}.${SagaEnd}.v1`[];

/** The types of the events with which a saga says how a return ended. */
export const RETURN_ENDS = [
  'returnOrder.completed.v1',
  'returnOrder.compensated.v1',
  'returnOrder.cancelled.v1',
] as const satisfies readonly `returnOrder.${SagaEnd}.v1`[];

export type OrderEnd = (typeof ORDER_ENDS)[number];
export type ReturnEnd = (typeof RETURN_ENDS)[number];

export const isOrderEnd = <E extends { readonly type: string }>(event: E): event is E & ShopEvent<OrderEnd> =>
  ORDER_ENDS.some((type) => type === event.type);

/** What an end makes of the order that its saga was at work on. */
export interface EndOfOrder {
  readonly status: 'confirmed' | 'rejected' | 'cancelled';
  /** The code of what failed first. */
  readonly reason: string | null;
  /** Of several parcels all of them, `T1, T2`. */
  readonly trackingNumber: string | null;
}

type EndOf = (data: SagaEventData) => EndOfOrder;

const rejected: EndOf = ({ cause }) => ({
  status: 'rejected',
  reason: keepable(cause?.code ?? null),
  trackingNumber: null,
});
const cancelled: EndOf = (data) => ({ ...rejected(data), status: 'cancelled' });
const confirmed = (trackingNumber: string | null): EndOfOrder => ({
  status: 'confirmed',
  reason: null,
  trackingNumber: keepable(trackingNumber),
});

const ends: { readonly [T in OrderEnd]: EndOf } = {
  'fulfilOrder.completed.v1': ({ result }) =>
    confirmed(tracked(fulfilOrder.result, result, ({ trackingNumber }) => [trackingNumber])),
  'fulfilOrder.compensated.v1': rejected,
  'fulfilOrder.cancelled.v1': cancelled,
  'fulfilSplitOrder.completed.v1': ({ result }) =>
    confirmed(tracked(fulfilSplitOrder.result, result, ({ shipments }) => shipments.map((one) => one.trackingNumber))),
  'fulfilSplitOrder.compensated.v1': rejected,
  'fulfilSplitOrder.cancelled.v1': cancelled,
};

export const endOf = ({ type, data }: ShopEvent<OrderEnd>): EndOfOrder => ends[type](data);

/** A result that is none of the published form confirms the order all the same. */
const tracked = <R>(
  schema: z.ZodType<R>,
  result: unknown,
  numbersIn: (result: R) => readonly string[],
): string | null => {
  const parsed = schema.safeParse(result);
  return parsed.success ? numbersIn(parsed.data).join(', ') : null;
};

/** An event must not come again for ever because of text that no database keeps. */
const keepable = (text: string | null): string | null => text?.replaceAll(/\0|\p{Surrogate}/gu, '\uFFFD') ?? null;
