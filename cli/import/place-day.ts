import { inParallel, Tally } from 'amends';
import type { Cancellation, Placement, ShopClient } from '../shop-client.ts';
import type { ShopAct } from './shop-day.ts';

/** What became of each act of the day; grows while it is placed. */
export interface PlacedDay {
  readonly placements: Tally<Placement>;
  readonly cancellations: Tally<Cancellation>;
  /** Ids under which the orders service has another order than the file. */
  readonly foreign: string[];
}

export const createPlacedDay = (): PlacedDay => ({ placements: new Tally(), cancellations: new Tally(), foreign: [] });

/**
 * Places the day's orders and cancel requests, `parallel` at a time, begun in the day's order; a cancel request waits until
 * its order is placed. `onPlaced` hears of every order that is (or was) there.
 */
export const placeDay = async (
  client: Pick<ShopClient, 'placeOrder' | 'cancelOrder'>,
  acts: readonly ShopAct[],
  { day, parallel, onPlaced }: { day: PlacedDay; parallel: number; onPlaced: (orderId: string) => void },
): Promise<void> => {
  const placed = new Map<string, Promise<Placement>>();
  await inParallel(acts, parallel, async (act) => {
    if (act.kind === 'cancel') {
      // its order was begun before it: a day has no cancel request without an order
      const there = await placed.get(act.orderId);
      if (there !== undefined && there !== 'other content there') {
        day.cancellations.add(await client.cancelOrder(act.orderId, act.reason));
      }
      return;
    }
    const { orderId } = act.order;
    const placing = client.placeOrder(act.order);
    placed.set(orderId, placing);
    const placement = await placing;
    day.placements.add(placement);
    if (placement === 'other content there') day.foreign.push(orderId);
    else onPlaced(orderId);
  });
};
