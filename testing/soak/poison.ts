import { createHash } from 'node:crypto';
import type { Order } from '../../contracts/orders.ts';
import type { DeadLetterReason } from '../../packages/contracts/src/dead-letter-reason.ts';
import { binary, type Message, structured } from './wire.ts';

const PLACED = 'shop.order.placed.v1';
const CANCEL = 'shop.order.cancel-requested.v1';
/** The default of MAX_BODY_BYTES, which a soak leaves as it is. */
const LIMIT_BYTES = 1_048_576;

interface Kind {
  /** Why it is in the dead letters, when it came by the broker. */
  readonly reason: DeadLetterReason;
  /** The status with which a sender over HTTP is told; null: over HTTP it is no poison. */
  readonly told: number | null;
  /** `order`: one whose saga has been started, where the kind needs one. */
  readonly make: (id: string, order: Order) => Message;
}

const kind = (of: Kind): Kind => of;

/** What cannot be used, of every kind. */
export const POISON = {
  garbage: kind({
    reason: 'not-cloudevent',
    told: 400,
    make: (id) => ({
      type: PLACED,
      headers: { 'content-type': 'application/cloudevents+json' },
      // 0xff is in no UTF-8
      payload: new Uint8Array([0xff, ...createHash('sha512').update(id).digest()]),
    }),
  }),
  'no CloudEvent': kind({
    reason: 'not-cloudevent',
    told: 415,
    make: (id) => ({
      type: PLACED,
      headers: { 'content-type': 'application/cloudevents+json' },
      payload: new TextEncoder().encode(JSON.stringify({ hello: id })),
    }),
  }),
  'unknown type': kind({
    reason: 'unknown-type',
    told: 422,
    make: (id) => binary({ id, type: 'soak.unheard-of.v1', data: { id } }),
  }),
  'wrong data': kind({
    reason: 'invalid',
    told: 422,
    make: (id) =>
      binary({ id, type: PLACED, subject: id, data: { orderId: id, lines: [{ sku: 'soak-1', quantity: -1 }] } }),
  }),
  'too large': kind({
    reason: 'too-large',
    told: 413,
    make: (id) => structured({ id, type: PLACED, data: { orderId: id, filling: 'x'.repeat(LIMIT_BYTES) } }),
  }),
  'other subject': kind({
    reason: 'invalid',
    told: null,
    make: (id) => ({ ...structured({ id, type: CANCEL, data: { orderId: id, reason: 'soak' } }), type: PLACED }),
  }),
  'other content': kind({
    reason: 'conflict',
    told: 409,
    make: (id, order) =>
      binary({ id, type: PLACED, subject: order.orderId, data: { ...order, customerId: `${order.customerId}-else` } }),
  }),
} as const satisfies Record<string, Kind>;

export type PoisonKind = keyof typeof POISON;
export const POISON_KINDS = Object.keys(POISON) as PoisonKind[];

export const digestOf = (payload: Uint8Array): string => createHash('sha256').update(payload).digest('hex');
