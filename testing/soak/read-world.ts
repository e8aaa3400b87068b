import { notConserved } from '../invariants/conservation.ts';
import { unlikeProvider } from '../invariants/provider-books.ts';
import { SHELVED, SKUS } from './orders.ts';
import type { OwnShop } from './own-shop.ts';
import { readEffects, readHolds, readOrders, readShown } from './read-databases.ts';
import { readSagas } from './read-sagas.ts';
import { readLate, readLetters } from './read-streams.ts';
import type { World } from './world.ts';

/** Looks at everything there is, past our own interfaces. `left`: what was never finished, in words, or null. */
export const readWorld = async (shop: OwnShop, left: string | null): Promise<World> => {
  const { temporal, jsm, pools, providerUrl } = shop;
  const [sagas, letters, late, orders, shown, effects, holds] = await Promise.all([
    readSagas(temporal),
    readLetters(jsm),
    readLate(jsm),
    readOrders(pools),
    readShown(pools),
    readEffects(pools),
    readHolds(providerUrl),
  ]);
  const wrong = [
    ...(await notConserved(shop, new Map(SKUS.map((sku) => [sku, SHELVED])))),
    ...(await unlikeProvider({ pools, provider: { holds: () => holds } })),
  ];
  return { sagas, letters, late, orders, shown, effects, left, notConserved: wrong };
};
