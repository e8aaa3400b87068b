import { exampleOrder } from '../../contracts/orders.ts';
import { services } from '../every-service.ts';
import type { ShopService } from '../shop.ts';

/** What a trial is about: an order, a SKU of its own, and what the actions before it have answered. */
export interface About {
  readonly orderId: string;
  readonly sku: string;
  readonly answers: Readonly<Record<string, unknown>>;
}

/** An action that a service is interrupted in. */
export interface Subject {
  readonly service: ShopService;
  readonly action: string;
  /** Actions of the same service that must be done before. */
  readonly after?: readonly Subject[];
  readonly input: (about: About) => Readonly<Record<string, unknown>>;
  /** An input that is refused. */
  readonly refused?: (about: About) => Readonly<Record<string, unknown>>;
  /** Who refuses it; default the service itself. */
  readonly refusedBy?: 'provider';
  /** Its effect, and that of its undo, is at the card provider. */
  readonly outside?: true;
}

export const hasUndo = ({ service, action }: Subject): boolean =>
  services[service]?.actions[action]?.undo !== undefined;

const amount = { amount: 1800, currency: 'EUR' };
const goods = ({ orderId, sku }: About, quantity = 2) => ({ orderId, lines: [{ sku, quantity }] });
const MORE_THAN_THERE_IS = 999_999;
const SERVED = { country: 'DE' };
const NOT_SERVED = { country: 'KP' };

const reserve: Subject = {
  service: 'inventory',
  action: 'reserve',
  input: (about) => goods(about),
  refused: (about) => goods(about, MORE_THAN_THERE_IS),
};
const ship: Subject = {
  service: 'inventory',
  action: 'ship',
  after: [reserve],
  input: ({ answers }) => ({ reservationId: answers['reservationId'] }),
};
const authorize: Subject = {
  service: 'payments',
  action: 'authorize',
  outside: true,
  input: ({ orderId }) => ({ orderId, amount, paymentToken: 'tok_ok' }),
  refused: ({ orderId }) => ({ orderId, amount, paymentToken: 'tok_declined' }),
  refusedBy: 'provider',
};
const capture: Subject = {
  service: 'payments',
  action: 'capture',
  outside: true,
  after: [authorize],
  input: ({ answers }) => ({ paymentId: answers['paymentId'] }),
};

/** Every action of the shop that leaves something. */
export const SUBJECTS: readonly Subject[] = [
  { service: 'orders', action: 'accept', input: ({ orderId }) => ({ ...exampleOrder, orderId }) },
  reserve,
  ship,
  {
    service: 'inventory',
    action: 'restock',
    after: [reserve, ship],
    input: (about) => goods(about),
    refused: (about) => goods(about, MORE_THAN_THERE_IS),
  },
  authorize,
  capture,
  {
    service: 'payments',
    action: 'refund',
    outside: true,
    after: [authorize, capture],
    input: ({ orderId }) => ({ orderId, amount }),
    refused: ({ orderId }) => ({ orderId, amount: { ...amount, amount: MORE_THAN_THERE_IS } }),
  },
  {
    service: 'shipping',
    action: 'book',
    input: (about) => ({ ...goods(about), shipTo: SERVED }),
    refused: (about) => ({ ...goods(about), shipTo: NOT_SERVED }),
  },
  {
    service: 'shipping',
    action: 'sendReturnLabel',
    input: ({ orderId }) => ({ orderId, shipFrom: SERVED }),
    refused: ({ orderId }) => ({ orderId, shipFrom: NOT_SERVED }),
  },
  {
    service: 'notifications',
    action: 'send',
    input: ({ orderId }) => ({ orderId, customerId: 'c-1', template: 'order-confirmed' }),
  },
];
