import type { Client } from '@temporalio/client';
import system from '../amends.config.ts';
import { triggers } from '../api/triggers.ts';
import { shop } from '../contracts/app.ts';
import catalog from '../contracts/catalog.json' with { type: 'json' };
import { knownSagas, withSagas, type SagaTemporal } from '../packages/client/src/known-sagas.ts';
import { openApi } from '../packages/api/src/start-api.ts';
import { readSystemConfig, type SystemConfig } from '../packages/runtime/src/config.ts';
import { workflowsOf } from '../packages/runtime/src/system/places-of.ts';
import type { Log } from '../packages/runtime/src/log.ts';

// The application that tests drive, as its own processes have it.

export const shopSystem = system;
export const shopSagas = knownSagas(shop, catalog);
export const shopEvents = shop.events;
export const shopApi = { app: shop, catalog, triggers };

/** The configuration of the shop's processes in that environment. */
export const shopConfig = (env: Readonly<Record<string, string | undefined>>): SystemConfig =>
  readSystemConfig(system, env);

/** A client that knows the shop's sagas. */
export const shopTemporal = (client: Client): SagaTemporal => withSagas(client, shopSagas);

/** The file that exports the shop's sagas. */
export const SHOP_WORKFLOWS = workflowsOf(system);

/** The shop's API in this process. */
export const openShopApi = (env: Readonly<Record<string, string | undefined>>, log: Log) =>
  openApi(shopConfig(env), shopApi, log);
