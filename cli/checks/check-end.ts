import { isDeepStrictEqual } from 'node:util';
import { totalOf, type OrderStatus } from '../../contracts/orders.ts';
import { SagaEnd } from '@amends/contracts';
import { decimal } from './decimal.ts';
import type { OrderEvidence } from './order-evidence.ts';

/** What an order's status must be once its saga has ended so. */
const STATUS_AFTER = {
  completed: 'confirmed',
  compensated: 'rejected',
  cancelled: 'cancelled',
} as const satisfies Record<SagaEnd, OrderStatus>;

/** What is off with one order: its status must equal its saga's end, and its content what was placed. */
export const checkEnd = ({ order, view, saga }: OrderEvidence): string[] => {
  const name = `order ${order.orderId}`;
  if (!view) return [`${name}: the orders service does not know it`];
  const total = totalOf(order);
  const content = [
    ...(view.total === total.amount && view.currency === total.currency
      ? []
      : [
          `${name}: costs ${decimal(view.total)} ${view.currency}, but was placed for ${decimal(total.amount)} ${total.currency}`,
        ]),
    ...(isDeepStrictEqual(view.lines, order.lines) ? [] : [`${name}: its lines are not those that were placed`]),
  ];
  if (!saga) return [...content, `${name}: is ${view.status}, but has no saga`];
  const end = SagaEnd.safeParse(saga.status);
  if (!end.success) return [...content, `${name}: is ${view.status}, its saga is still ${saga.status}`];
  const expected = STATUS_AFTER[end.data];
  return view.status === expected
    ? content
    : [...content, `${name}: is ${view.status}, but its saga ended ${end.data}, so it must be ${expected}`];
};
