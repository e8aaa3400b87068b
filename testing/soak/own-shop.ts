import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Client, Connection } from '@temporalio/client';
import type { Pool } from 'pg';
import { startSystem, type SystemUrls } from '../../packages/amends/src/local/index.ts';
import { readRun } from '../../packages/amends/src/local/state/run-file.ts';
import type { StagedProcess } from '../../packages/amends/src/local/processes/stage.ts';
import { type Config, inheritedEnvironment } from '../../packages/runtime/src/config.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import { createPool } from '../../packages/participant/src/database/postgres.ts';
import { placeOf } from '../../packages/runtime/src/system/places-of.ts';
import { ownPorts, ownState } from '../own-system.ts';
import { SHOP_SERVICES, type ShopService } from '../shop.ts';
import { shopConfig } from '../the-shop.ts';

const POOL_SIZE = 4;
const RECONNECT_WAIT_MS = 250;

/** A whole system of its own, every part a process, and the ways past its services by which it is judged. */
export interface OwnShop {
  /** Of the API and of each service, past the proxies. */
  readonly urls: Readonly<Record<ShopService | 'api', string>>;
  readonly providerUrl: string;
  /** Straight to Temporal. */
  readonly temporal: Client;
  /** Straight to the broker; outlives its restarts. */
  readonly nats: NatsConnection;
  readonly jsm: JetStreamManager;
  /** Each service's own database. */
  readonly pools: Readonly<Record<ShopService, Pool>>;
  /** The process of that name as it runs now; only processes that this system has started. */
  readonly processOf: (name: string) => StagedProcess | undefined;
  /** Ends everything and removes its data; may be repeated. */
  readonly close: () => Promise<void>;
}

/** What would let it use, or write into, somebody else's. */
const OTHERS = [
  'HOST',
  'TEMPORAL_ADDRESS',
  'DATABASE_URL',
  'NATS_URL',
  'PROVIDER_DIR',
  'PROVIDER_LOSSY',
  'MAX_BODY_BYTES',
];
const isOthers = (name: string): boolean => OTHERS.includes(name) || name.endsWith('_URL');

/**
 * Starts a system on free ports, its data in a temporary folder that is removed with it.
 *
 * @param report takes a sentence when a part ends by itself, or is killed, and runs again
 */
export const startOwnShop = async ({
  report,
  signal,
  shown = false,
}: {
  readonly report: (sentence: string) => void;
  readonly signal?: AbortSignal;
  readonly shown?: boolean;
}): Promise<OwnShop> => {
  const state = await ownState();
  const inherited = Object.entries(inheritedEnvironment()).filter(([name]) => !isOthers(name));
  const config = shopConfig({ ...Object.fromEntries(inherited), ...(await ownPorts()), AMENDS_STATE_DIR: state });
  const started = await startSystem(config, {
    progress: shown ? 'shown' : 'quiet',
    report,
    ...(signal && { signal }),
  }).catch(async (error: unknown) => {
    await rm(state, { recursive: true, force: true });
    throw error;
  });
  const remove = async (): Promise<void> => {
    await started.close();
    await rm(state, { recursive: true, force: true });
  };
  const ways = await waysPast(config, state).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    const { nats, connection, pools } = ways;
    await Promise.all([nats.close(), connection.close(), ...Object.values(pools).map((pool) => pool.end())]);
    await remove();
  };
  return {
    ...ways,
    urls: urlsOf(started.urls),
    providerUrl: placeOf(config.places, 'card-provider').url,
    processOf: (name) => readRun(state)?.processes.find((one) => one.name === name),
    close: () => (closed ??= close()),
  };
};

const urlsOf = ({ api, services }: SystemUrls) =>
  ({ api, ...Object.fromEntries(SHOP_SERVICES.map((name) => [name, services[name]])) }) as OwnShop['urls'];

/** Straight to its servers, past its services. */
const waysPast = async (config: Config, state: string) => {
  const log = createLog('soak', 'silent');
  const poolOf = async (name: ShopService): Promise<readonly [ShopService, Pool]> => {
    const password = (await readFile(join(state, 'passwords', name), 'utf8')).trim();
    const url = `postgres://${name}:${password}@127.0.0.1:${config.POSTGRES_PORT}/${name}`;
    return [name, createPool(url, log, POOL_SIZE)];
  };
  const pools = Object.fromEntries(await Promise.all(SHOP_SERVICES.map(poolOf))) as OwnShop['pools'];
  const nats = await connect({
    servers: `127.0.0.1:${config.NATS_PORT}`,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_WAIT_MS,
  });
  const jsm = await jetstreamManager(nats, { checkAPI: false });
  const connection = Connection.lazy({ address: `${config.HOST}:${config.TEMPORAL_PORT}` });
  return { pools, nats, jsm, connection, temporal: new Client({ connection }) };
};
