import { ConfigError } from '@amends/runtime/internal';
import type { Config } from '@amends/runtime/internal';
import { createHealth } from '@amends/runtime/internal';
import { serve } from '@amends/runtime/internal';
import { reachOf } from '@amends/runtime/internal';
import { createMetrics } from '@amends/runtime/internal';
import { createPool } from '../postgres.ts';
import { runProcess, type Running } from '@amends/runtime/internal';
import { migrateParticipant, startPurging } from '../index.ts';
import { migrateService } from './migrate.ts';
import type { ServiceParts } from './service-app.ts';

const PORTS = {
  orders: 'ORDERS_PORT',
  inventory: 'INVENTORY_PORT',
  payments: 'PAYMENTS_PORT',
  shipping: 'SHIPPING_PORT',
  notifications: 'NOTIFICATIONS_PORT',
} as const;

export type ServiceName = keyof typeof PORTS;

/** What a service adds to the common: its app, and what runs besides it, which ends all at once before its database does. */
export interface ServiceBody {
  readonly app: { readonly fetch: (request: Request) => Response | Promise<Response> };
  readonly besides?: readonly Running[];
}

/**
 * One service as a process: its own database (`DATABASE_URL`), its tables up to date, then its port open. Closing lets the
 * requests in flight end, then what runs besides, then the database. It forgets the operations of sagas past the limit by itself.
 */
export const runService = (
  name: ServiceName,
  build: (parts: ServiceParts, config: Config) => Promise<ServiceBody>,
): Promise<void> =>
  runProcess(name, async (config, log) => {
    if (config.DATABASE_URL === undefined) throw new ConfigError(`DATABASE_URL must name the database of ${name}.`);
    const pool = createPool(config.DATABASE_URL, log);
    await migrateService(pool, name);
    await migrateParticipant(pool);
    const { MAX_BODY_BYTES: maxBodyBytes, SERVICE_TOKEN: token } = config;
    const { app, besides = [] } = await build(
      {
        pool,
        log,
        maxBodyBytes,
        metrics: createMetrics(),
        health: createHealth(),
        reach: reachOf(config.HOST),
        ...(token !== undefined && { token }),
      },
      config,
    );
    const server = await serve(app, { host: config.HOST, port: config[PORTS[name]] });
    const purging = startPurging(pool, log, config.AMENDS_TIMES.purge);
    return {
      close: async () => {
        await server.close();
        await Promise.all([...besides, purging].map((each) => each.close()));
        await pool.end();
      },
    };
  });
