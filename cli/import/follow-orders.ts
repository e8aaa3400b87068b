import { setTimeout as sleep } from 'node:timers/promises';
import type { OrderView } from '../../contracts/orders.ts';
import { inParallel } from 'amends';
import type { ShopClient } from '../shop-client.ts';

/** How many orders are asked for at a time, and how long the pause is between two such rounds. */
const ROUND = 6;
const PAUSE_MS = 250;

const OPEN: readonly OrderView['status'][] = ['placed', 'accepted'];

/** Follows orders to their end; `watch` may be called while it runs. */
export interface Follower {
  readonly watch: (orderId: string) => void;
  /** No further order will be watched. */
  readonly complete: () => void;
  readonly stop: () => void;
  /** Ends when every watched order has ended, when none has for `patienceMs`, or at `stop`. */
  readonly follow: () => Promise<void>;
  readonly ended: ReadonlyMap<string, OrderView>;
  /** Orders that have not ended. */
  readonly open: ReadonlySet<string>;
}

/** Asks the orders service in turn, oldest first, so that a few orders that hang do not hide the others. */
export const createFollower = (
  client: Pick<ShopClient, 'order'>,
  { patienceMs, now = Date.now }: { readonly patienceMs: number; readonly now?: () => number },
): Follower => {
  const open = new Set<string>();
  const ended = new Map<string, OrderView>();
  const state = { completed: false, stopped: false, lastChange: now() };

  const look = async (orderId: string): Promise<void> => {
    const view = await client.order(orderId);
    open.delete(orderId);
    if (!view || OPEN.includes(view.status)) {
      open.add(orderId); // to the back
    } else {
      ended.set(orderId, view);
      state.lastChange = now();
    }
  };

  return {
    ended,
    open,
    watch: (orderId) => {
      open.add(orderId);
      state.lastChange = now();
    },
    complete: () => {
      state.completed = true;
    },
    stop: () => {
      state.stopped = true;
    },
    follow: async () => {
      while (!state.stopped && (!state.completed || open.size > 0) && now() - state.lastChange < patienceMs) {
        await inParallel([...open].slice(0, ROUND), ROUND, look);
        await sleep(PAUSE_MS);
      }
    },
  };
};
