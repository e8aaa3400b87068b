import { setTimeout as pause } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { SHOP_SERVICES } from '../testing/shop.ts';
import type { OwnShop } from '../testing/soak/own-shop.ts';
import { CANCEL_AFTER_MS, END, newOrder } from './cases.ts';
import { countRuns, type RunCounts } from './counts.ts';
import { cpuOf, threadKinds, threadsOf } from './cpu.ts';
import { judge } from './judge.ts';
import { load } from './load.ts';
import { type Cell, type Measured, PROCESS_KINDS, type ProcessKind } from './measurement.ts';
import type { Rivals } from './rivals.ts';
import { runOrder, VARIANT } from './variants.ts';

/** Histories are alike: so many are counted of a round. */
const COUNTED = 3;

/** What comes after an answer, such as an event on its way, is counted too. */
const AFTERWORK_MS = 300;

/** A saga has not ended as it must, or has left what it must not: nothing is measured then. */
class WrongEndError extends Error {
  override readonly name = 'WrongEndError';
}

/** One round of a cell. `counts`: of a sample of its runs. @throws WrongEndError */
export const measure = async (
  { shop, rivals, signal }: { readonly shop: OwnShop; readonly rivals: Rivals; readonly signal: AbortSignal },
  cell: Cell,
  sagas: number,
): Promise<{ readonly measured: Measured; readonly counts: RunCounts | null }> => {
  const { variant, of, atOnce } = cell;
  const { run, hasEffects, workers } = VARIANT[variant];
  const ways = { api: shop.urls.api, front: rivals.frontUrl };
  const pids = pidsOf(shop, rivals, cell);
  const workersPid = workers === null ? undefined : pids[workers];
  const threads = async () => (workersPid === undefined ? undefined : threadsOf(workersPid));
  const orders = Array.from({ length: sagas }, (_, n) => newOrder(of, n));

  const [before, threadsBefore] = [await cpuOf(pids), await threads()];
  const { tookMs, latenciesMs } = await load({ count: sagas, atOnce, signal }, async (n) => {
    const order = orders[n] ?? newOrder(of, n);
    const ended = await runOrder(variant, {
      ways,
      order,
      ...(of === 'cancelled' && { cancelAfterMs: CANCEL_AFTER_MS }),
    });
    if (ended !== END[of]) throw new WrongEndError(`${variant}, ${of}: ${order.orderId} ended as ${ended}`);
  });
  await pause(AFTERWORK_MS, undefined, { signal });
  const [after, threadsAfter] = [await cpuOf(pids), await threads()];

  const orderIds = orders.map(({ orderId }) => orderId);
  const wrong = hasEffects ? await judge(shop.pools, of, orderIds) : [];
  if (wrong.length > 0) throw new WrongEndError(`${variant}, ${of}: ${wrong.join('; ')}`);

  const spent = (name: string): number => ((after[name] ?? 0) - (before[name] ?? 0)) / sagas;
  const kinds = Object.keys(pids).map((name) => [kindOf(name), spent(name)] as const);
  const cpuMs = Object.fromEntries(
    PROCESS_KINDS.map((kind) => [kind, kinds.reduce((sum, [its, ms]) => (its === kind ? sum + ms : sum), 0)]),
  ) as Measured['cpuMs'];
  const threadsMs =
    threadsBefore && threadsAfter
      ? (Object.fromEntries(
          Object.entries(threadKinds(threadsBefore, threadsAfter)).map(([kind, ms]) => [kind, ms / sagas]),
        ) as Measured['threadsMs'])
      : null;
  const counts = run && (await countRuns(clientOf(shop, run.namespace), orderIds.slice(0, COUNTED).map(run.idOf)));
  return {
    measured: { sagas, sagasPerSecond: (sagas * 1_000) / tookMs, latenciesMs, cpuMs, threadsMs },
    counts,
  };
};

const clientOf = ({ temporal }: OwnShop, namespace: string): Client =>
  new Client({ connection: temporal.connection, namespace });

const KIND: Readonly<Record<string, ProcessKind>> = {
  'card-provider': 'card provider',
  PostgreSQL: 'PostgreSQL',
  Temporal: 'Temporal',
  NATS: 'NATS',
  api: 'way in',
  front: 'way in',
  workers: 'workers',
  'by-hand-worker': 'workers',
  'two-lanes-worker': 'workers',
};

const kindOf = (name: string): ProcessKind => KIND[name] ?? 'services';

/** Of the processes that work for a variant; those of the others only wait meanwhile. */
const pidsOf = (shop: OwnShop, rivals: Rivals, { variant }: Cell): Readonly<Record<string, number>> => {
  const { wayIn, workers } = VARIANT[variant];
  const names = [
    ...SHOP_SERVICES,
    'card-provider',
    'PostgreSQL',
    'Temporal',
    'NATS',
    wayIn,
    ...(workers ? [workers] : []),
  ];
  const rivalPids: Readonly<Record<string, number>> = rivals.pids;
  return Object.fromEntries(
    names.map((name) => {
      const pid = rivalPids[name] ?? shop.processOf(name)?.pid;
      if (pid === undefined) throw new Error(`no process is called ${name}`);
      return [name, pid];
    }),
  );
};
