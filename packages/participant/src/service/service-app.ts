import type { Env, Hono } from 'hono';
import type { Pool } from 'pg';
import type { Registry } from 'prom-client';
import type { AtPoint } from '../index.ts';
import { checkWritable } from '@amends/events/internal';
import { createHttpApp, type Health, type Log, type Reach } from '@amends/runtime/internal';
import { databaseProblem } from './database-problem.ts';

/** What every service's app is made of; `token`, when there is one, is required on saga routes. */
export interface ServiceParts {
  readonly pool: Pool;
  readonly log: Log;
  readonly maxBodyBytes: number;
  readonly token?: string;
  /** What `GET /metrics` answers; without it there is no such path. */
  readonly metrics?: Registry;
  /** What is wrong with the service though it can do what its callers need. */
  readonly health?: Health;
  /** Who can reach the port; default this machine alone. */
  readonly reach?: Reach;
  /** How much longer than a call to a provider its lease lasts, in milliseconds; default as the kit has it. */
  readonly leaseMarginMs?: number;
  /** Told of the points of saga requests; for tests that interrupt them. */
  readonly at?: AtPoint;
}

/** An app that is ready while its database can be written, and that says 503 instead of 500 when it cannot. */
export const createServiceApp = <E extends Env>({
  pool,
  log,
  maxBodyBytes,
  metrics,
  health,
  reach,
}: ServiceParts): Hono<E> => {
  const ready = async () => {
    const reason = await checkWritable(pool);
    if (reason !== undefined) throw new Error(reason);
    return health?.reasons() ?? [];
  };
  return createHttpApp<E>({ log, maxBodyBytes, ready, metrics, reach, answerTo: databaseProblem });
};
