import type { Stock } from '../../contracts/inventory.ts';
import type { Evidence } from '../checks/check-all.ts';
import { balancesOf, takingsOf } from '../checks/check-money.ts';
import { onHand } from '../checks/check-stock.ts';
import { decimal } from '../checks/decimal.ts';
import type { OrderEvidence } from '../checks/order-evidence.ts';
import { Tally } from 'amends';
import type { PlacedDay } from './place-day.ts';
import type { ShopDay } from './shop-day.ts';
import type { Shelves } from './stock-shelves.ts';

const COUNT_WIDTH = 12;

const row = (count: number | string, what: string): string => `${String(count).padStart(COUNT_WIDTH)}  ${what}`;
const rows = (tally: Tally, before: string): string[] => tally.entries().map(([name, n]) => row(n, before + name));

/** What the file holds, and what of it is not used, by reason. */
export const fileFigures = (file: string, { invoices, lines }: ShopDay): string[] => [
  file,
  row(invoices.all, 'invoices, of which'),
  row(invoices.used, 'are orders'),
  ...rows(invoices.unused, 'not used: '),
  row(invoices.cancelRequests, 'C… become cancel requests'),
  ...rows(invoices.unusedCancellations, 'C… not used: '),
  row(lines.all, 'invoice lines, of which'),
  row(lines.used, 'are lines of orders'),
  ...rows(lines.unused, 'not used: '),
];

export const placingFigures = ({ placements, cancellations }: PlacedDay): string[] => [
  '',
  'orders',
  row(placements.count('placed'), 'placed'),
  row(placements.count('already there'), 'already there'),
  ...(placements.count('other content there') > 0
    ? [row(placements.count('other content there'), 'already there with other content')]
    : []),
  row(cancellations.count('requested'), 'cancel requests taken'),
  row(cancellations.count('already cancelled'), 'cancel requests for orders already cancelled'),
  row(cancellations.count('too late'), 'cancel requests too late'),
];

const statusOf = ({ view }: OrderEvidence): string => {
  const { status, reason } = view ?? { status: 'unknown', reason: null };
  return reason === null || reason === status ? status : `${status} (${reason})`;
};

/** How the orders ended, by status and reason, and how their sagas did. */
export const endFigures = ({ orders }: Evidence, seconds: number): string[] => [
  '',
  `ends, after ${seconds.toFixed(1)} s`,
  ...rows(Tally.of(orders.map(statusOf)), 'orders '),
  ...rows(Tally.of(orders.map(({ saga }) => saga?.status ?? 'missing')), 'sagas '),
];

export const stockFigures = ({ put, alreadyThere }: Shelves, { initial, stock }: Evidence): string[] => {
  const ours = stock.filter(({ sku }) => initial.has(sku));
  const sum = (count: (item: Stock) => number): number => ours.reduce((total, item) => total + count(item), 0);
  const begun = [...initial.values()].reduce((total, count) => total + count, 0);
  return [
    '',
    'goods',
    row(put, 'SKUs put on the shelf'),
    row(alreadyThere, 'SKUs already there'),
    row(begun, 'pieces at first'),
    row(sum(onHand), 'pieces now, of which'),
    row(
      sum(({ available }) => available),
      'available',
    ),
    row(
      sum(({ reserved }) => reserved),
      'reserved',
    ),
    row(
      sum(({ shipped }) => shipped),
      'shipped',
    ),
  ];
};

export const moneyFigures = ({ orders, ledger }: Evidence): string[] => [
  '',
  'money',
  ...[...takingsOf(orders)].flatMap(([currency, { confirmed, captured }]) => [
    row(decimal(confirmed), `${currency} cost the confirmed orders`),
    row(decimal(captured), `${currency} were captured for these orders`),
  ]),
  ...[...balancesOf(ledger)].map(([currency, balance]) => row(decimal(balance), `${currency} is the ledger's sum`)),
];
