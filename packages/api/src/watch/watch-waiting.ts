import { Gauge, type Registry } from 'prom-client';
import type { WaitingRuns } from '@amends/client/internal';
import { createCondition } from '@amends/runtime/internal';
import type { Health, Log } from '@amends/runtime/internal';

/**
 * Tells of the runs that wait for what starts their saga: the figure `amends_waiting_runs`, and once there are as many as may be, when more
 * early events are put off, an error in the log and a reason of being degraded.
 */
export const watchWaiting = ({
  waiting,
  metrics,
  log,
  health,
}: {
  readonly waiting: WaitingRuns;
  readonly metrics: Registry;
  readonly log: Log;
  readonly health: Health;
}): WaitingRuns => {
  const gauge = new Gauge({
    name: 'amends_waiting_runs',
    help: 'Runs that hold an early event until what starts their saga comes, when one was made last.',
    registers: [],
    collect() {
      this.set(waiting.count());
    },
  });
  metrics.registerMetric(gauge);
  const condition = createCondition('what comes early', log);
  const look = (): void => {
    if (waiting.count() < waiting.most) return condition.good();
    return condition.bad(`${waiting.most} runs wait for what starts their saga: further early events are put off`);
  };
  health.watch(() => {
    look();
    return condition.reason();
  });
  return {
    ...waiting,
    admit: async () => {
      const admitted = await waiting.admit();
      look();
      return admitted;
    },
  };
};
