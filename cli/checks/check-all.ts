import type { Stock } from '../../contracts/inventory.ts';
import type { Ledger } from '../../contracts/payments.ts';
import { checkEnd } from './check-end.ts';
import { checkMoney } from './check-money.ts';
import { checkGoods, checkStock } from './check-stock.ts';
import type { OrderEvidence } from './order-evidence.ts';

/** What the services said at the end; `initial`: what stood on the shelves, per SKU, before the first order. */
export interface Evidence {
  readonly orders: readonly OrderEvidence[];
  readonly initial: ReadonlyMap<string, number>;
  readonly stock: readonly Stock[];
  readonly ledger: Ledger['accounts'];
}

/** Everything that is off between orders, sagas, goods and money, a sentence each; empty when all agree. */
export const checkAll = ({ orders, initial, stock, ledger }: Evidence): string[] => [
  ...orders.flatMap(checkEnd),
  ...orders.flatMap(checkGoods),
  ...checkStock(initial, stock, orders),
  ...checkMoney(orders, ledger),
];
