import {
  freshNamespace as freshNamespaceOfAny,
  type FreshNamespace,
} from '../packages/testing/src/servers/namespace.ts';
import type { SagaTemporal } from '../packages/client/src/known-sagas.ts';
import { shopTemporal } from './the-shop.ts';

/** A namespace of a test file's own, with a client that knows the shop's sagas. */
export const freshNamespace = async (): Promise<FreshNamespace & { readonly client: SagaTemporal }> => {
  const space = await freshNamespaceOfAny();
  return { ...space, client: shopTemporal(space.client) };
};
