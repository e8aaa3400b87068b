import { describe, expect, it } from 'vitest';
import type { OrderStatus, OrderView } from '../../contracts/orders.ts';
import { Tally } from '../../packages/amends/src/cli/tally.ts';
import { createFollower } from './follow-orders.ts';

const viewOf = (orderId: string, status: OrderStatus): OrderView => ({
  orderId,
  status,
  reason: null,
  trackingNumber: null,
  currency: 'GBP',
  lines: [],
  total: 0,
  history: [],
});

/** An orders service whose orders end after so many looks; those of 0 never do. */
const ordersThatEnd = (looks: Readonly<Record<string, number>>, looked = new Tally()) => ({
  order: (orderId: string): Promise<OrderView> => {
    looked.add(orderId);
    return Promise.resolve(viewOf(orderId, looked.count(orderId) === looks[orderId] ? 'confirmed' : 'accepted'));
  },
});

describe('createFollower', () => {
  it('follows every order to its end, however many do not hurry', async () => {
    const slow = Object.fromEntries(Array.from({ length: 15 }, (_, i) => [`o-${i}`, 2]));
    const follower = createFollower(ordersThatEnd({ ...slow, quick: 1 }), { patienceMs: 5_000 });
    for (const orderId of [...Object.keys(slow), 'quick']) follower.watch(orderId);
    follower.complete();
    await follower.follow();
    expect(follower.ended.size).toBe(16);
    expect(follower.open.size).toBe(0);
  });

  it('gives up on orders that hang, once none has ended for as long as its patience lasts', async () => {
    const hanging = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`hangs-${i}`, 0]));
    const follower = createFollower(ordersThatEnd({ ...hanging, ends: 1 }), { patienceMs: 600 });
    for (const orderId of [...Object.keys(hanging), 'ends']) follower.watch(orderId);
    follower.complete();
    await follower.follow();
    expect([...follower.ended.keys()]).toEqual(['ends']);
    expect(follower.open.size).toBe(12);
  });

  it('waits for orders that are still to be placed', async () => {
    const follower = createFollower(ordersThatEnd({ late: 1 }), { patienceMs: 5_000 });
    const following = follower.follow();
    setTimeout(() => {
      follower.watch('late');
      follower.complete();
    }, 200);
    await following;
    expect([...follower.ended.keys()]).toEqual(['late']);
  });
});
