import { eventRoutes, type EventRoutes } from '@amends/events/internal';
import {
  ConfigError,
  createHealth,
  createMetrics,
  placeOf,
  reachOf,
  readConfig,
  readSystemConfig,
  runProcess,
  serve,
  servicePort,
  type Config,
  type Running,
  type System,
} from '@amends/runtime/internal';
import { migrateParticipant, startPurging } from '../index.ts';
import { createPool } from '../database/postgres.ts';
import { migrateService } from './migrate.ts';
import type { ServiceParts } from './service-app.ts';

/** What a service adds to the common: its app, and what runs besides it, which ends all at once before its database does. */
export interface ServiceBody {
  readonly app: { readonly fetch: (request: Request) => Response | Promise<Response> };
  readonly besides?: readonly Running[];
}

/** Where a service finds others. */
export interface Surroundings {
  /** Where its events go, and where those that it takes come from. */
  readonly routes: EventRoutes;
  /** Where another part of the system is reached. @throws ConfigError when `amends.config.ts` has none of that name */
  readonly urlOf: (name: string) => string;
}

/** Makes a service out of what every service has. */
export type BuildService = (parts: ServiceParts, around: Surroundings) => ServiceBody | Promise<ServiceBody>;

interface Settings extends Config {
  readonly port: number;
  readonly around: Surroundings;
}

/**
 * One service as a process: its own database (`DATABASE_URL`), its tables up to date, then its port open. Closing lets the
 * requests in flight end, then what runs besides, then the database. It forgets the operations of sagas past the limit by itself.
 *
 * @param system what `amends.config.ts` exports: it says on which port the service listens, and who else there is. Without it the service
 *   stands alone: it listens on `PORT`, and its events go to the broker (`NATS_URL`)
 */
export const runService = (
  name: string,
  build: BuildService,
  { system }: { readonly system?: System } = {},
): Promise<void> =>
  runProcess(
    name,
    () => (system === undefined ? readAlone(name) : readInSystem(name, system)),
    async ({ port, around, ...config }, log) => {
      if (config.DATABASE_URL === undefined) throw new ConfigError(`DATABASE_URL must name the database of ${name}.`);
      const pool = createPool(config.DATABASE_URL, log);
      await migrateService(pool, name);
      await migrateParticipant(pool);
      const { HOST: host, MAX_BODY_BYTES: maxBodyBytes, SERVICE_TOKEN: token } = config;
      const { app, besides = [] } = await build(
        {
          pool,
          log,
          maxBodyBytes,
          metrics: createMetrics(),
          health: createHealth(),
          reach: reachOf(host),
          ...(token !== undefined && { token }),
        },
        around,
      );
      const server = await serve(app, { host, port });
      const purging = startPurging(pool, log, config.AMENDS_TIMES.purge);
      return {
        close: async () => {
          await server.close();
          await Promise.all([...besides, purging].map((each) => each.close()));
          await pool.end();
        },
      };
    },
  );

const readInSystem = (name: string, system: System): Settings => {
  const config = readSystemConfig(system);
  const { port } = placeOf(config.places, name);
  if (port === null) {
    throw new ConfigError(
      `amends.config.ts says that ${name} runs elsewhere: to run here it needs an entry and a port.`,
    );
  }
  const urlOf = (other: string): string => placeOf(config.places, other).url;
  return { ...config, port, around: { routes: eventRoutes(config), urlOf } };
};

const readAlone = (name: string): Settings => {
  const config = readConfig();
  const { NATS_URL: natsUrl, PUSH_TOKEN: pushToken } = config;
  const routes: EventRoutes = natsUrl === undefined ? { natsUrl, receivers: [], pushToken } : { natsUrl };
  const urlOf = (other: string): never => {
    throw new ConfigError(`${name} does not know where ${other} is: runService was handed no system.`);
  };
  return { ...config, port: servicePort(name), around: { routes, urlOf } };
};
