import type { Order } from '../../contracts/orders.ts';
import type { ReturnReceived, ReturnRequest } from '../../contracts/returns.ts';
import type { z } from 'zod';
import type { DueEnd } from './orders.ts';
import type { PoisonKind } from './poison.ts';

/** How an event comes in: by the orders service and its outbox, straight to the broker, or to `POST /events`. */
export const DIRECT_WAYS = ['broker-structured', 'broker-binary', 'http-structured', 'http-binary'] as const;
export type Way = 'orders' | (typeof DIRECT_WAYS)[number];

/**
 * One event on its way in. `id` is the event's; `again`: it was sent before. `after`: the place in the plan of the one that must have been
 * delivered before, or null.
 */
export type Sending = {
  readonly id: string;
  readonly way: Way;
  readonly again: boolean;
  readonly after: number | null;
} & Content;

/**
 * `order` starts a saga that goes to its end; `return` one that waits for a person, and so stays open. `cancel` cancels an order's,
 * `received` tells a return's; `early`: before it was started. `poison` is of no use; `order` is then one whose saga has been started, where
 * its kind needs one.
 */
export type Content =
  | { readonly what: 'order'; readonly order: Order; readonly end: DueEnd }
  | { readonly what: 'return'; readonly request: ReturnRequest }
  | { readonly what: 'cancel'; readonly orderId: string; readonly early: boolean }
  | { readonly what: 'received'; readonly parcel: z.infer<typeof ReturnReceived>; readonly early: boolean }
  | { readonly what: 'poison'; readonly kind: PoisonKind; readonly order: Order };
