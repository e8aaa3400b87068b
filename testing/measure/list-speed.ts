// `node --import tsx testing/measure/list-speed.ts`: how fast a list of sagas is, and what it costs the sagas that run meanwhile.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import { listedMemo } from '../../packages/client/src/views/listed.ts';
import { startOptions } from '../../packages/client/src/starts/start-saga.ts';
import { sagaId } from '../../packages/contracts/src/protocol/keys.ts';
import { exampleOrder } from '../../contracts/orders.ts';
import { SagaList } from '../../packages/contracts/src/saga-view.ts';
import { wholeNumber } from '../../packages/amends/src/cli/whole-number.ts';
import { onOwnShop } from '../soak/command.ts';
import type { OwnShop } from '../soak/own-shop.ts';

const STARTS_AT_ONCE = 10;
const PAGE = 100;
/** The index is late by about a second. */
const LISTED_WITHIN_MS = 60_000;
const STOCK = 1_000_000;
/** Sagas run in turns with and without callers, so that a machine that grows warm or busy counts for both. */
const ROUNDS = 3;
const WARM_UP_MS = 10_000;
const AFTER_FAILURE_MS = 100;
const GOAL = { p95Ms: 300, lossPercent: 10 };

interface Options {
  readonly sagas: number;
  readonly callers: number;
  readonly running: number;
  readonly seconds: number;
  readonly pause: number;
}

const options = new Command('node --import tsx testing/measure/list-speed.ts')
  .description(
    `Starts a whole system of its own with many sagas in it, and asks for GET /sagas?limit=${PAGE} with several callers at once: while ` +
      'nothing else runs, and while sagas run, whose throughput is compared with and without the callers.',
  )
  .option('--sagas <number>', 'how many there are', wholeNumber(PAGE, 20_000), 2_000)
  .option('--callers <number>', 'how many ask at once, each again when it has its answer', wholeNumber(1, 100), 10)
  .option('--pause <ms>', 'how long each waits before it asks again', wholeNumber(0, 60_000), 0)
  .option('--running <number>', 'how many sagas are in progress at once', wholeNumber(1, 200), 10)
  .option('--seconds <number>', 'how long each measurement takes', wholeNumber(1, 300), 15)
  .parse()
  .opts<Options>();

/** In Temporal as any saga is, but on a queue that no worker polls: it stays as it is, and costs nothing but its place in the index. */
const startIdle = async ({ temporal }: OwnShop): Promise<void> => {
  const key = `idle-${randomUUID()}`;
  const trigger = { kind: 'http', id: null, type: null, source: null } as const;
  const start = { startedAt: new Date().toISOString(), trigger, times: { steps: {} } };
  const input = { ...exampleOrder, orderId: key };
  await temporal.workflow.start('fulfilOrder', {
    ...startOptions(sagaId('fulfilOrder', key), key, start),
    taskQueue: 'nobody',
    args: [input, start],
    memo: listedMemo(start),
  });
};

/** Does something again and again, so many at once, until it is told to stop; what fails is repeated. */
const keepDoing = (atOnce: number, what: () => Promise<void>): { readonly stop: () => Promise<void> } => {
  let goOn = true;
  const one = async (): Promise<void> => {
    while (goOn) await what().catch(() => pause(AFTER_FAILURE_MS));
  };
  const all = Promise.all(Array.from({ length: atOnce }, one));
  return {
    stop: async () => {
      goOn = false;
      await all;
    },
  };
};

const askForPage = async (url: string): Promise<number> => {
  const began = performance.now();
  const answer = await fetch(url);
  const body = await answer.json();
  const took = performance.now() - began;
  if (answer.status !== 200) throw new Error(`GET /sagas answered ${answer.status}: ${JSON.stringify(body)}`);
  if (SagaList.parse(body).items.length < PAGE / 2)
    throw new Error('a page holds less than half of what was asked for');
  return took;
};

const runSaga = async (api: string): Promise<boolean> => {
  const answer = await fetch(`${api}/sagas/fulfilOrder`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'wait=30' },
    body: JSON.stringify({ ...exampleOrder, orderId: `run-${randomUUID()}` }),
  });
  const { status } = (await answer.json()) as { status?: unknown };
  return status === 'completed';
};

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

const inWords = (times: readonly number[]): string => {
  const sorted = times.toSorted((a, b) => a - b);
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => Math.round(percentile(sorted, share)));
  return `${times.length} answers, p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms`;
};

await onOwnShop(async ({ shop, screen, signal }) => {
  const { sagas, callers, running, seconds } = options;
  const { api, inventory } = shop.urls;
  const page = `${api}/sagas?limit=${PAGE}`;
  const wait = (ms: number) => pause(ms, undefined, { signal });

  screen.line(`${sagas} sagas are started …`);
  for (let n = 0; n < sagas; n += STARTS_AT_ONCE) {
    signal.throwIfAborted();
    await Promise.all(Array.from({ length: Math.min(STARTS_AT_ONCE, sagas - n) }, () => startIdle(shop)));
  }
  for (const end = Date.now() + LISTED_WITHIN_MS; ;) {
    const { count } = await shop.temporal.workflow.count(`SagaStatus = 'running'`);
    if (count >= sagas) break;
    if (Date.now() > end) throw new Error(`Temporal's index has ${count} of ${sagas} sagas`);
    await wait(500);
  }

  const failed = new Set<string>();
  /** Callers for as long as `during` takes; what each answer took is added to `times`. */
  const asking = async <T>(times: number[], during: () => Promise<T>): Promise<T> => {
    const asked = keepDoing(callers, async () => {
      try {
        times.push(await askForPage(page));
      } catch (error) {
        failed.add((error as Error).message);
        throw error;
      }
      if (options.pause > 0) await wait(options.pause);
    });
    const result = await during();
    await asked.stop();
    return result;
  };

  const alone: number[] = [];
  await asking([], () => wait(2_000));
  await asking(alone, () => wait(seconds * 1_000));
  screen.line(`${callers} callers, nothing else: ${inWords(alone)}`);

  await fetch(`${inventory}/stock/mug`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ available: STOCK }),
  });
  let completed = 0;
  const shopping = keepDoing(running, async () => {
    if (await runSaga(api)) completed += 1;
  });
  /** How many sagas complete in a second. */
  const throughput = async (): Promise<number> => {
    const [from, began] = [completed, performance.now()];
    await wait(seconds * 1_000);
    return ((completed - from) * 1_000) / (performance.now() - began);
  };
  await wait(WARM_UP_MS);
  const beside: number[] = [];
  const without: number[] = [];
  const withCallers: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    without.push(await throughput());
    withCallers.push(await asking(beside, throughput));
  }
  await shopping.stop();

  const mean = (of: readonly number[]): number => of.reduce((sum, one) => sum + one, 0) / of.length;
  const rates = (of: readonly number[]): string => of.map((rate) => rate.toFixed(1)).join(', ');
  const loss = (1 - mean(withCallers) / mean(without)) * 100;
  const p95 = percentile(
    [...alone, ...beside].toSorted((a, b) => a - b),
    0.95,
  );
  screen.line(`${callers} callers beside ${running} running sagas: ${inWords(beside)}`);
  screen.line(
    `sagas completed a second: ${rates(without)} without callers, ${rates(withCallers)} with: ${loss.toFixed(1)} % less`,
  );
  for (const message of failed) screen.line(`✗ ${message}`);
  screen.line(`goals: p95 at most ${GOAL.p95Ms} ms, at most ${GOAL.lossPercent} % less`);
  return failed.size === 0 && p95 <= GOAL.p95Ms && loss <= GOAL.lossPercent;
});
