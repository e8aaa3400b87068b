import { totalOf } from '../../contracts/orders.ts';
import type { Ledger } from '../../contracts/payments.ts';
import { decimal } from './decimal.ts';
import type { OrderEvidence } from './order-evidence.ts';

/** Minor units of one currency: what confirmed orders cost as they were placed, and what was captured for these orders. */
export interface Takings {
  readonly confirmed: number;
  readonly captured: number;
}

/** By currency. */
export const takingsOf = (evidence: readonly OrderEvidence[]): Map<string, Takings> => {
  const takings = new Map<string, Takings>();
  const add = (currency: string, { confirmed, captured }: Takings): void => {
    const sum = takings.get(currency) ?? { confirmed: 0, captured: 0 };
    takings.set(currency, { confirmed: sum.confirmed + confirmed, captured: sum.captured + captured });
  };
  for (const { order, view, payments } of evidence) {
    const { amount, currency } = totalOf(order);
    if (view?.status === 'confirmed') add(currency, { confirmed: amount, captured: 0 });
    for (const payment of payments) {
      if (payment.state === 'captured') add(payment.currency, { confirmed: 0, captured: payment.amount });
    }
  }
  return takings;
};

/** The sum of every account's balance, by currency. */
export const balancesOf = (ledger: Ledger['accounts']): Map<string, number> => {
  const sums = new Map<string, number>();
  for (const { currency, balance } of ledger) sums.set(currency, (sums.get(currency) ?? 0) + balance);
  return sums;
};

/**
 * What is off with the money: a confirmed order has exactly one captured payment, of its total; any other order holds and keeps
 * none; what was captured is what confirmed orders cost; and the ledger sums to zero in every currency.
 */
export const checkMoney = (evidence: readonly OrderEvidence[], ledger: Ledger['accounts']): string[] => [
  ...evidence.flatMap(checkPayment),
  ...[...takingsOf(evidence)].flatMap(([currency, { confirmed, captured }]) =>
    confirmed === captured
      ? []
      : [`money: confirmed orders cost ${decimal(confirmed)} ${currency}, but ${decimal(captured)} were captured`],
  ),
  ...[...balancesOf(ledger)].flatMap(([currency, balance]) =>
    balance === 0 ? [] : [`money: the ledger sums to ${decimal(balance)} ${currency} instead of zero`],
  ),
];

const checkPayment = ({ order, view, payments }: OrderEvidence): string[] => {
  const name = `order ${order.orderId}`;
  const kept = payments.filter(({ state }) => state === 'authorized' || state === 'captured');
  const told = kept.map(({ state, amount, currency }) => `${state} ${decimal(amount)} ${currency}`).join(', ');
  if (view?.status !== 'confirmed') return told === '' ? [] : [`${name}: not confirmed, yet its payment is ${told}`];
  const { amount, currency } = totalOf(order);
  const [only] = kept;
  const right = kept.length === 1 && only?.state === 'captured' && only.amount === amount && only.currency === currency;
  if (right) return [];
  return [
    `${name}: confirmed, so ${decimal(amount)} ${currency} must be captured once, but there is ${told || 'nothing'}`,
  ];
};
