import { ConfigError, createLog, serve } from '@amends/runtime';
import type { App, Service } from '@amends/contracts';
import type { BuildService, ServiceBody, Surroundings } from '@amends/participant/service';
import type { Pool } from 'pg';
import { inject } from 'vitest';
import { startFaultProxy, type FaultProxy } from '../faults/fault-proxy.ts';
import { startService } from './start-service.ts';

/** An application's services while it is tested. */
export interface Services {
  /** In front of each service, by name: where sagas reach it. */
  readonly proxies: Readonly<Record<string, FaultProxy>>;
  /** Each service itself, past its proxy. */
  readonly urls: Readonly<Record<string, string>>;
  /** Databases of participants, by name: what their operations left is read there. A service that is not listed is not judged by its records. */
  readonly pools: Readonly<Record<string, Pool>>;
  readonly close: () => Promise<void>;
}

/** A stand-in for a service that is no participant: it has no database. */
export type BuildOutsider = (parts: Pick<Parameters<BuildService>[0], 'log' | 'maxBodyBytes'>) => ServiceBody;

/** How each service is made: a participant as `runService` takes it, an outsider's stand-in without a database. */
export type Builds<A extends App> = {
  // oxlint-disable-next-line typescript/no-explicit-any -- matches any actions
  readonly [N in keyof A['services']]: A['services'][N] extends Service<'outside', any> ? BuildOutsider : BuildService;
};

const MAX_BODY_BYTES = 4_000_000;
const POOL_SIZE = 4;

/**
 * Starts every service of an application in this process, over real HTTP: each on a fresh database with its migrations
 * (`services/<name>/migrations`), behind a fault proxy. One may ask for the URL of those that stand before it in the table.
 */
export const startServices = async <A extends App>(
  { services: contracts }: A,
  builds: Builds<A>,
): Promise<Services> => {
  const urls: Record<string, string> = {};
  const around: Surroundings = {
    routes: { natsUrl: inject('natsUrl') },
    urlOf: (name) => {
      const url = urls[name];
      if (url === undefined) throw new ConfigError(`${name} is not started yet: put it before whoever calls it.`);
      return url;
    },
  };
  const started: { readonly name: string; readonly pool?: Pool; readonly proxy: FaultProxy; close(): Promise<void> }[] =
    [];
  // one after the other: databases made at once by each of several test files are more than a busy machine bears
  for (const [name, build] of Object.entries(builds) as [string, BuildService & BuildOutsider][]) {
    const isOutsider = contracts[name]?.kind === 'outside';
    const one = isOutsider
      ? await startOutsider(name, build)
      : await startService(name, (parts) => build(parts, around), {
          poolSize: POOL_SIZE,
          maxBodyBytes: MAX_BODY_BYTES,
          log: 'error',
        });
    urls[name] = one.url;
    started.push({ ...one, name, proxy: await startFaultProxy(one.url) });
  }
  return {
    proxies: Object.fromEntries(started.map(({ name, proxy }) => [name, proxy])),
    urls,
    pools: Object.fromEntries(started.flatMap(({ name, pool }) => (pool === undefined ? [] : [[name, pool]]))),
    close: async () => {
      await Promise.all(started.map(({ proxy }) => proxy.close()));
      await Promise.all(started.map((one) => one.close()));
    },
  };
};

const startOutsider = async (name: string, build: BuildOutsider) => {
  const { app, besides = [] } = build({ log: createLog(name, 'error'), maxBodyBytes: MAX_BODY_BYTES });
  const server = await serve(app, { host: '127.0.0.1', port: 0 });
  return {
    url: `http://127.0.0.1:${server.port}`,
    close: async () => {
      await server.close();
      await Promise.all(besides.map((each) => each.close()));
    },
  };
};
