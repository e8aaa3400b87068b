import type { Pool } from 'pg';
import { Gauge, type Registry } from 'prom-client';
import type { Log } from '@amends/runtime/internal';
import { outboxBacklog, type Backlog } from './backlog.ts';

const UNKNOWN: Backlog = { count: Number.NaN, oldestMs: Number.NaN, dead: Number.NaN };

/** Registers what waits in the outbox as figures, looked up by one statement whenever they are asked for; NaN while the database is away. */
export const outboxMetrics = ({ pool, metrics, log }: { pool: Pool; metrics: Registry; log: Log }): void => {
  let looking: Promise<Backlog> | undefined;
  const look = (): Promise<Backlog> => {
    looking ??= outboxBacklog(pool)
      .catch((error: unknown) => {
        log.warn({ err: error }, 'the outbox cannot be counted now');
        return UNKNOWN;
      })
      .finally(() => {
        looking = undefined;
      });
    return looking;
  };
  const gauge = (name: string, help: string, of: (backlog: Backlog) => number): void => {
    const figure = new Gauge({
      name,
      help,
      registers: [],
      async collect() {
        this.set(of(await look()));
      },
    });
    metrics.registerMetric(figure);
  };
  gauge('amends_outbox_waiting_events', 'Events that somebody has not got yet.', ({ count }) => count);
  gauge(
    'amends_outbox_oldest_age_seconds',
    'How long the oldest of them has waited; 0 when none waits.',
    ({ oldestMs }) => oldestMs / 1_000,
  );
  gauge('amends_outbox_dead_events', 'Events that a receiver has finally refused.', ({ dead }) => dead);
};
