import { checkTimes } from '../client/check-times.ts';
import { connectTemporal } from '../client/connect-temporal.ts';
import { countWaitingRuns } from '../client/waiting-runs.ts';
import { connectBroker } from '../events/connect-broker.ts';
import { consumeTriggers } from '../events/consume-triggers.ts';
import { noDeadLetters, openDeadLetterDesk } from '../events/dead-letter-desk.ts';
import { createDispatcher } from '../events/dispatcher.ts';
import { countEvents } from '../events/event-counts.ts';
import { lateToBroker, lateToLog } from '../events/late-events.ts';
import { streamMetrics } from '../events/stream-limits.ts';
import type { Config } from '../platform/config.ts';
import { createHealth } from '../platform/health.ts';
import { createMetrics } from '../platform/metrics.ts';
import { serve } from '../platform/http/serve.ts';
import { reachOf } from '../platform/http/this-machine.ts';
import type { Log } from '../platform/log.ts';
import type { Running } from '../platform/process.ts';
import { createApp } from './app.ts';
import { readiness } from './readiness.ts';
import { watchOverdue } from './watch-overdue.ts';
import { watchWaiting } from './watch-waiting.ts';

/**
 * The way in: HTTP, and the broker's events that start and cancel sagas. Temporal and NATS may come later or go away: until
 * they are there `/readyz` says so, routes that need Temporal answer 503, and the broker, or whoever sends to it, keeps the events.
 *
 * @throws ConfigError when AMENDS_TIMES names a saga or a step that there is not
 */
export const startApi = async (config: Config, log: Log): Promise<Running & { readonly port: number }> => {
  const times = config.AMENDS_TIMES;
  checkTimes(times);
  const temporal = connectTemporal(config);
  const maxBodyBytes = config.MAX_BODY_BYTES;
  const natsUrl = config.NATS_URL;
  const metrics = createMetrics();
  const health = createHealth();
  const waiting = watchWaiting({ waiting: countWaitingRuns(temporal), metrics, log, health });
  const dispatcher = createDispatcher({ temporal, times, log, waiting });
  const count = countEvents(metrics);
  const broker = natsUrl === undefined ? undefined : connectBroker(natsUrl, log);
  const triggers =
    natsUrl === undefined
      ? undefined
      : await consumeTriggers({ natsUrl, dispatcher, count, maxEventBytes: maxBodyBytes, log });
  const tellLate = broker ? lateToBroker(broker) : lateToLog(log);
  const deadLetters = broker ? openDeadLetterDesk(broker, log) : noDeadLetters;
  const overdue = watchOverdue({ temporal, sweepEveryMs: times.sweep, metrics, log });
  health.watch(overdue.reason);
  if (broker) {
    health.watch(broker.reason);
    streamMetrics(metrics, broker.streams);
  }
  if (triggers) health.watch(triggers.reason);
  const stopTaking = async (): Promise<void> => {
    await overdue.close();
    await triggers?.close();
    await broker?.close();
    await temporal.connection.close();
  };
  try {
    const ready = readiness({ temporal, health });
    const routes = { temporal, dispatcher, tellLate, count, deadLetters, times };
    const app = createApp({ ...routes, maxBodyBytes, log, ready, metrics, reach: reachOf(config.HOST) });
    const server = await serve(app, { host: config.HOST, port: config.API_PORT });
    log.info({ url: `http://${config.HOST}:${server.port}` }, 'taking requests');
    return {
      port: server.port,
      close: async () => {
        await server.close();
        await stopTaking();
      },
    };
  } catch (error) {
    await stopTaking();
    throw error;
  }
};
