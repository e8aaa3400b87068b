import { readFile } from 'node:fs/promises';
import type { SystemConfig } from '@amends/runtime';
import { checkAll } from '../checks/check-all.ts';
import { gatherEvidence } from '../checks/gather-evidence.ts';
import { CliStop, Tally } from 'amends';
import { findSystem, notAnswering } from '../find-system.ts';
import type { Screen } from 'amends';
import type { ShopClient } from '../shop-client.ts';
import { endFigures, fileFigures, moneyFigures, placingFigures, stockFigures } from './figures.ts';
import { createFollower } from './follow-orders.ts';
import { readInvoiceRows } from './invoice-row.ts';
import { reportParked } from './report-parked.ts';
import { createPlacedDay, placeDay } from './place-day.ts';
import { showImport } from './progress.ts';
import { readShopDay, type ShopDay } from './shop-day.ts';
import { stockShelves } from './stock-shelves.ts';

export interface ImportOptions {
  /** Pieces of every SKU that the inventory does not know yet. */
  readonly stock: number;
  /** Requests in flight. */
  readonly parallel: number;
  /** Seconds without any order ending, after which no more is waited for. */
  readonly patience: number;
}

/** Clocks of one machine and of its containers differ by less. */
const CLOCK_MARGIN_MS = 60_000;

/**
 * Places a file's invoices as orders in a system that runs, follows them to their end, checks orders, goods and money through
 * the services' routes, and prints the figures. Answers whether all of them agree.
 *
 * @throws CliStop, and nothing was placed, when the file is none of that form or the system does not run
 */
export const runImport = async (
  file: string,
  { stock, parallel, patience }: ImportOptions,
  { config, screen }: { readonly config: SystemConfig; readonly screen: Screen },
): Promise<boolean> => {
  const day = await readDay(file);
  fileFigures(file, day).forEach((figure) => screen.line(figure));
  const client = await requireSystem(config, screen);

  const began = new Date();
  const orders = day.acts.flatMap((act) => (act.kind === 'place' ? [act.order] : []));
  const shelves = await stockShelves(client, orders, stock, parallel);

  const placed = createPlacedDay();
  const placingBegan = Date.now();
  const seconds = (): number => (Date.now() - placingBegan) / 1000;
  const follower = createFollower(client, { patienceMs: patience * 1000 });
  const progress = showImport(screen, () => ({
    total: orders.length,
    placed: placed.placements.total,
    ended: Tally.of([...follower.ended.values()].map(({ status }) => status)),
    seconds: seconds(),
  }));
  const stopped = new AbortController();
  const parked = reportParked(client, (orderId) => follower.open.has(orderId), {
    say: progress.say,
    signal: stopped.signal,
  });
  try {
    const placing = placeDay(client, day.acts, { day: placed, parallel, onPlaced: follower.watch });
    await Promise.all([placing.then(follower.complete), follower.follow()]);
  } finally {
    follower.stop();
    stopped.abort();
    await parked;
    progress.stop();
  }
  const took = seconds();

  const ours = orders.filter(({ orderId }) => !placed.foreign.includes(orderId));
  const evidence = await gatherEvidence(client, ours, {
    initial: shelves.initial,
    since: new Date(began.getTime() - CLOCK_MARGIN_MS),
    parallel,
  });
  const findings = [
    ...placed.foreign.map(
      (orderId) => `order ${orderId}: another order of that id, with other content, was there before`,
    ),
    ...checkAll(evidence),
  ];
  [
    ...placingFigures(placed),
    ...endFigures(evidence, took),
    ...stockFigures(shelves, evidence),
    ...moneyFigures(evidence),
  ].forEach((figure) => screen.line(figure));
  screen.line();
  for (const finding of findings) screen.line(`OFF  ${finding}`);
  screen.line(verdict(findings.length));
  return findings.length === 0;
};

const verdict = (off: number): string =>
  off === 0 ? 'Everything agrees.' : off === 1 ? '1 thing is off.' : `${off} things are off.`;

const readDay = async (file: string): Promise<ShopDay> => {
  try {
    return readShopDay(readInvoiceRows(await readFile(file, 'utf8')));
  } catch (error) {
    throw new CliStop(`${file} cannot be imported: ${(error as Error).message}. Nothing was placed.`, { cause: error });
  }
};

const requireSystem = async (config: SystemConfig, screen: Screen): Promise<ShopClient> => {
  const found = await findSystem(config, { say: screen.line });
  if (found.missing.length === 0) return found.client;
  throw notAnswering(found);
};
