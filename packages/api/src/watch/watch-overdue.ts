import { Gauge, type Registry } from 'prom-client';
import { overdueSagas } from '@amends/client/internal';
import { isUnavailable, SWEEP_EVERY_MS } from '@amends/contracts/internal';
import type { Log } from '@amends/runtime/internal';
import { type Keeper, lookAfter } from '@amends/runtime/internal';
import type { SagaTemporal } from '@amends/client/internal';

const LOOK_EVERY_MS = 60_000;
const NAMED_AT_MOST = 10;
/** A killed saga that so many sweeps have passed by is not swept. */
const SWEEPS = 2;

/**
 * Looks every minute for killed sagas that were not swept in time, because no sweep runs, or it fails (S14): an error in the log, the figure
 * `amends_overdue_sagas`, and a reason of being degraded.
 */
export const watchOverdue = ({
  temporal,
  sweepEveryMs = SWEEP_EVERY_MS,
  metrics,
  log,
  everyMs = LOOK_EVERY_MS,
}: {
  readonly temporal: SagaTemporal;
  readonly sweepEveryMs?: number | undefined;
  readonly metrics: Registry;
  readonly log: Log;
  readonly everyMs?: number;
}): Keeper => {
  const gauge = new Gauge({
    name: 'amends_overdue_sagas',
    help: 'Killed sagas whose recovery has not begun for longer than two sweeps; 100 at most. NaN while that is not known.',
    registers: [metrics],
  });
  const check = async (): Promise<void> => {
    const overdue = await overdueSagas(temporal, new Date(Date.now() - SWEEPS * sweepEveryMs)).catch(
      (error: unknown) => {
        gauge.set(Number.NaN);
        if (isUnavailable(error)) return [];
        throw error;
      },
    );
    gauge.set(overdue.length);
    if (overdue.length === 0) return;
    const some = overdue.slice(0, NAMED_AT_MOST).join(', ');
    throw new Error(`${overdue.length} killed sagas have waited for longer than ${SWEEPS} sweeps: ${some}`);
  };
  return lookAfter({ what: 'the recovery of killed sagas', check, everyMs, log });
};
