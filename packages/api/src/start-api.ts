import { checkTimes } from '@amends/client/internal';
import { connectTemporal } from '@amends/client/internal';
import { countWaitingRuns } from '@amends/client/internal';
import { connectBroker } from '@amends/events/internal';
import { consumeTriggers } from './triggers/consume-triggers.ts';
import { noDeadLetters, openDeadLetterDesk } from '@amends/events/internal';
import { createDispatcher } from './triggers/dispatcher.ts';
import { countEvents } from '@amends/events/internal';
import { lateToBroker, lateToLog } from '@amends/events/internal';
import { streamMetrics } from '@amends/events/internal';
import type { Config } from '@amends/runtime/internal';
import { createHealth } from '@amends/runtime/internal';
import { createMetrics } from '@amends/runtime/internal';
import { serve } from '@amends/runtime/internal';
import { reachOf } from '@amends/runtime/internal';
import type { Log } from '@amends/runtime/internal';
import type { Running } from '@amends/runtime/internal';
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
