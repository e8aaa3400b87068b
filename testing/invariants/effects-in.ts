import type { Effects, Ended } from '@amends/testing';
import type { Shop } from '../shop.ts';
import { paidAndShipped } from './conservation.ts';
import { liveEffects } from './live-effects.ts';

/** What the sagas of one order have left in the shop's own tables. A parcel that is cancelled leaves nothing of its own. */
export const effectsIn = async (shop: Pick<Shop, 'pools'>, { key, end, operations }: Ended): Promise<Effects> => {
  const { live, wrong } = await liveEffects(shop, key, operations);
  // some sagas move goods alone
  const isPaidFor = end === 'completed' && operations.some(({ service }) => service === 'payments');
  return {
    inForce: live,
    untold: operations.filter(({ action }) => action === 'cancelParcel').map((operation) => operation.key),
    wrong: [...wrong, ...(isPaidFor ? await paidAndShipped(shop, key) : [])],
  };
};
