import { setMaxListeners } from 'node:events';
import { inParallel } from '../../packages/amends/src/cli/in-parallel.ts';
import { deliver } from './deliver.ts';
import { drain } from './drain.ts';
import { judge } from './judge.ts';
import { SHELVED, SKUS } from './orders.ts';
import type { OwnShop } from './own-shop.ts';
import { keepPace } from './pace.ts';
import type { Plan } from './plan.ts';
import { createRawPublisher } from './publish.ts';
import { readWorld } from './read-world.ts';
import { createSentBook, type SentBook } from './sent-book.ts';
import { strike, type StrikeMade } from './strike.ts';
import { workInHand } from './work-in-hand.ts';
import type { World } from './world.ts';

/** Events on their way at once. */
const LANES = 16;
const SHELVES_AT_ONCE = 4;
const LOOK_EVERY_MS = 20;

export interface SoakState {
  readonly sent: number;
  readonly onItsWay: number;
  readonly strikes: readonly StrikeMade[];
  readonly phase: 'sending' | 'draining' | 'judging';
}

export interface SoakResult {
  readonly book: SentBook;
  readonly strikes: readonly StrikeMade[];
  readonly world: World;
  /** A sentence for each thing that is not as it must be. */
  readonly violations: readonly string[];
  /** From the first event sent until nothing was left to do. */
  readonly seconds: number;
}

/**
 * Sends a plan's events into a system, kills its parts meanwhile, waits until all is done, and judges what there is.
 *
 * @param watch is given how to look at the state of it, at any time
 * @throws Error when `signal` is aborted
 */
export const soak = async (
  shop: OwnShop,
  plan: Plan,
  { signal, watch = () => {} }: { readonly signal: AbortSignal; readonly watch?: (look: () => SoakState) => void },
): Promise<SoakResult> => {
  // each of them sleeps by it
  setMaxListeners(LANES * 2, signal);
  await putOnShelves(shop);
  const book = createSentBook();
  const work = workInHand(shop);
  const publisher = createRawPublisher(shop.nats);
  const pace = keepPace(work, signal);
  const strikes: StrikeMade[] = [];
  let phase: SoakState['phase'] = 'sending';
  watch(() => ({ sent: book.counts.sent, onItsWay: pace.onItsWay(), strikes, phase }));
  const begun = Date.now();
  try {
    const means = { urls: shop.urls, publisher, book, signal };
    const striking = strikeAll(plan, strikes, {
      shop,
      work,
      publishing: publisher.unacknowledged,
      sent: () => book.counts.sent,
      signal,
      wrong: book.wrong,
    });
    await Promise.all([sendAll(plan, { ...means, pace }), striking]);
    phase = 'draining';
    const left = await drain(work, signal);
    const seconds = (Date.now() - begun) / 1_000;
    phase = 'judging';
    const world = await readWorld(shop, left);
    return { book, strikes, world, violations: [...book.wrong, ...judge(book, world)], seconds };
  } finally {
    await pace.stop();
  }
};

const putOnShelves = async ({ urls }: OwnShop): Promise<void> => {
  await inParallel(SKUS, SHELVES_AT_ONCE, async (sku) => {
    const answer = await fetch(`${urls.inventory}/stock/${sku}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ available: SHELVED }),
    });
    if (!answer.ok) throw new Error(`PUT /stock/${sku} answered ${answer.status}`);
  });
};

type Sending = Parameters<typeof deliver>[2] & { readonly pace: { readonly open: () => Promise<void> } };

const sendAll = async ({ sendings }: Plan, { pace, ...means }: Sending): Promise<void> => {
  const delivered = new Map<number, Promise<void>>();
  await inParallel(sendings, LANES, async (sending, place) => {
    // begun in the order of the plan: what it must come after is on its way
    const one = (async () => {
      await pace.open();
      if (sending.after !== null) await delivered.get(sending.after);
      await deliver(sending, place, means);
    })();
    delivered.set(place, one);
    await one;
  });
};

type Striking = Parameters<typeof strike>[1] & { readonly wrong: string[] };

/** One after the other: each part runs again before the next one is killed. */
const strikeAll = async ({ strikes }: Plan, made: StrikeMade[], { wrong, ...ready }: Striking): Promise<void> => {
  for (const one of strikes) {
    while (ready.sent() < one.place) {
      ready.signal.throwIfAborted();
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    try {
      made.push(await strike(one, ready));
    } catch (error) {
      ready.signal.throwIfAborted();
      wrong.push((error as Error).message);
    }
  }
};
