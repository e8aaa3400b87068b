import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshNamespace, type FreshNamespace } from '../../packages/testing/src/servers/namespace.ts';
import { startShop, type Shop } from '../../testing/shop.ts';
import { type Case, END, fillShelves, newOrder } from '../cases.ts';
import { judge } from '../judge.ts';
import { createActivities } from './activities.ts';
import { BY_HAND_QUEUE, BY_HAND_WORKFLOWS } from './places.ts';
import { createStarts } from './starts.ts';

let shop: Shop;
let space: FreshNamespace;
let connection: NativeConnection;
let worker: Worker;
let running: Promise<void>;
let starts: ReturnType<typeof createStarts>;
beforeAll(async () => {
  [shop, space] = await Promise.all([startShop(), freshNamespace()]);
  connection = await NativeConnection.connect({ address: space.address });
  const { namespace } = space;
  worker = await Worker.create({
    connection,
    namespace,
    taskQueue: BY_HAND_QUEUE,
    workflowsPath: BY_HAND_WORKFLOWS,
    activities: createActivities(shop.urls),
  });
  running = worker.run();
  starts = createStarts(space.client, shop.urls);
  await fillShelves(shop.urls.inventory);
});
afterAll(async () => {
  worker.shutdown();
  await running;
  await connection.close();
  await space.close();
  await shop.close();
});

const play = async (variant: 'by-hand' | 'bare', of: Case): Promise<{ ended: string; wrong: string[] }> => {
  const order = newOrder(of, 0);
  const ended = await starts[variant]({ order, ...(of === 'cancelled' && { cancelAfterMs: 1_000 }) });
  return { ended, wrong: await judge(shop.pools, of, [order.orderId]) };
};

describe('what the bench compares with ends as it must', () => {
  it.each(['happy', 'refused', 'cancelled'] as const)('by hand, %s', async (of) => {
    expect(await play('by-hand', of)).toEqual({ ended: END[of], wrong: [] });
  });

  it.each(['happy', 'refused'] as const)('bare calls, %s', async (of) => {
    expect(await play('bare', of)).toEqual({ ended: END[of], wrong: [] });
  });

  it('an empty workflow completes', async () => {
    expect(await starts.empty({ order: newOrder('happy', 0) })).toBe('completed');
  });

  it('the judge sees what is left, and what is missing', async () => {
    const order = newOrder('happy', 0);
    await starts.bare({ order });
    expect(await judge(shop.pools, 'refused', [order.orderId])).toHaveLength(4);
    expect(await judge(shop.pools, 'happy', [order.orderId, 'another'])).toHaveLength(4);
  });
});
