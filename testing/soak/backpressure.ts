import { setTimeout as sleep } from 'node:timers/promises';
import { inParallel } from '../../packages/amends/src/cli/in-parallel.ts';
import { deliver } from './deliver.ts';
import { growthOf, residentMib, type MemoryGrowth, type MemorySample } from './memory.ts';
import { orderOf } from './orders.ts';
import type { OwnShop } from './own-shop.ts';
import { createRawPublisher } from './publish.ts';
import { createRandom } from './random.ts';
import { createSentBook } from './sent-book.ts';
import type { Sending } from './sending.ts';
import { workInHand } from './work-in-hand.ts';

/** The API, which takes events off the broker, and the orders service with its outbox's relay. */
const WATCHED = ['api', 'orders'] as const;
type Watched = (typeof WATCHED)[number];

const LANES = 64;
const SAMPLE_EVERY_MS = 1_000;
const THROUGH_ORDERS_EVERY = 10;

export interface FloodState {
  readonly sent: number;
  /** Sagas that wait for a worker. */
  readonly started: number;
  /** Events that have no saga yet: in the outbox, or at the broker. */
  readonly waiting: number;
  readonly mib: Readonly<Partial<Record<Watched, number>>>;
}

export interface FloodResult extends FloodState {
  readonly seconds: number;
  readonly growth: Readonly<Record<Watched, MemoryGrowth | null>>;
  readonly wrong: readonly string[];
}

export interface FloodOptions {
  readonly events: number;
  readonly seed: number;
  /** Growth counts from when so many have been sent. */
  readonly warmAfter: number;
  readonly watchMs: number;
}

/**
 * Sends orders as fast as they are taken while no worker works, every tenth through the orders service and the others straight to the broker,
 * and watches the memory of who passes them on meanwhile, and for `watchMs` more. All of them wait then: at the broker, or as a saga.
 *
 * @throws Error when `signal` is aborted
 */
export const flood = async (
  shop: OwnShop,
  { events, seed, warmAfter, watchMs }: FloodOptions,
  { signal, watch = () => {} }: { readonly signal: AbortSignal; readonly watch?: (look: () => FloodState) => void },
): Promise<FloodResult> => {
  const workers = shop.processOf('workers');
  if (workers === undefined) throw new Error('there are no workers to stop');
  // frozen, not ended: it would be started again
  process.kill(workers.pid, 'SIGSTOP');
  const work = workInHand(shop);
  const book = createSentBook();
  const publisher = createRawPublisher(shop.nats);
  const samples: Record<Watched, MemorySample[]> = { api: [], orders: [] };
  const random = createRandom(seed);
  let started = 0;
  let waiting = 0;
  const over = new AbortController();
  const state = (): FloodState => ({
    sent: book.counts.sent,
    started,
    waiting,
    mib: Object.fromEntries(WATCHED.map((part) => [part, samples[part].at(-1)?.mib])),
  });
  watch(state);
  const begun = Date.now();

  const sample = async (): Promise<void> => {
    while (!over.signal.aborted) {
      for (const part of WATCHED) {
        const pid = shop.processOf(part)?.pid;
        if (pid !== undefined) samples[part].push({ sent: book.counts.sent, mib: await residentMib(pid) });
      }
      // in this order: what goes on to be a saga meanwhile is counted twice rather than not at all
      const [atBroker, inOutbox] = await Promise.all([work.triggers(), work.outbox()]);
      waiting = atBroker.waiting + atBroker.unacknowledged + inOutbox;
      await sleep(SAMPLE_EVERY_MS);
      started = await work.orderSagas().catch(() => started);
    }
  };
  const sampling = sample();
  try {
    const means = { urls: shop.urls, publisher, book, signal };
    await inParallel(Array.from({ length: events }), LANES, async (_, place) => {
      signal.throwIfAborted();
      await deliver(sendingOf(random, seed, place), place, means);
    });
    await sleep(watchMs, undefined, { signal });
  } finally {
    over.abort();
    await sampling;
    process.kill(workers.pid, 'SIGCONT');
  }
  const growth = { api: growthOf(samples.api, warmAfter), orders: growthOf(samples.orders, warmAfter) };
  return { ...state(), seconds: (Date.now() - begun) / 1_000, growth, wrong: book.wrong };
};

const sendingOf = (random: ReturnType<typeof createRandom>, seed: number, place: number): Sending => {
  const orderId = `b${seed}-o-${place}`;
  const way = place % THROUGH_ORDERS_EVERY === 0 ? 'orders' : 'broker-structured';
  return { what: 'order', ...orderOf(random, orderId), id: `${orderId}-placed`, way, again: false, after: null };
};
