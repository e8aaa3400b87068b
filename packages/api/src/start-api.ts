import { checkTimes, connectTemporal, countWaitingRuns, knownSagas, withSagas } from '@amends/client/internal';
import type { App } from '@amends/contracts';
import {
  connectBroker,
  countEvents,
  lateToBroker,
  lateToLog,
  noDeadLetters,
  openDeadLetterDesk,
  streamMetrics,
} from '@amends/events/internal';
import {
  createHealth,
  createMetrics,
  type Log,
  placeOf,
  reachOf,
  readSystemConfig,
  type Running,
  runProcess,
  serve,
  type System,
  type SystemConfig,
} from '@amends/runtime/internal';
import { apiOver } from './create-api.ts';
import { readiness } from './watch/readiness.ts';
import { consumeTriggers } from './triggers/consume-triggers.ts';
import type { Triggers } from './triggers/define-triggers.ts';
import { createDispatcher } from './triggers/dispatcher.ts';
import { watchOverdue } from './watch/watch-overdue.ts';
import { watchWaiting } from './watch/watch-waiting.ts';

/** What an application's API is made of. `catalog`: what `amends catalog` has written. */
export interface ApiOf {
  readonly catalog: unknown;
  readonly triggers: Triggers;
}

/**
 * Runs the API as this process: it reads its configuration from the environment and ends in order on SIGTERM.
 *
 * @param system what `amends.config.ts` exports
 */
export const startApi = <A extends App>({ system, ...of }: ApiOf & { readonly system: System<A> }): Promise<void> =>
  runProcess(
    'api',
    () => readSystemConfig(system),
    (config, log) => openApi(config, of, log),
  );

/**
 * The way in: HTTP, and the broker's events that start and cancel sagas. Temporal and NATS may come later or go away: until
 * they are there `/readyz` says so, routes that need Temporal answer 503, and the broker, or whoever sends to it, keeps the events.
 *
 * @throws ConfigError when AMENDS_TIMES names a saga or a step that there is not
 */
export const openApi = async (
  config: SystemConfig,
  { catalog, triggers }: ApiOf,
  log: Log,
): Promise<Running & { readonly port: number }> => {
  const { app } = config.system;
  const times = config.AMENDS_TIMES;
  const sagas = knownSagas(app, catalog);
  checkTimes(sagas, times);
  const temporal = withSagas(connectTemporal(config), sagas);
  const maxBodyBytes = config.MAX_BODY_BYTES;
  const natsUrl = config.NATS_URL;
  const metrics = createMetrics();
  const health = createHealth();
  const waiting = watchWaiting({ waiting: countWaitingRuns(temporal), metrics, log, health });
  const dispatcher = createDispatcher({ temporal, triggers, times, log, waiting });
  const count = countEvents(metrics, { contracts: app.events, late: triggers.late });
  const broker = natsUrl === undefined ? undefined : connectBroker(natsUrl, log);
  const consumer =
    natsUrl === undefined
      ? undefined
      : await consumeTriggers({
          natsUrl,
          contracts: app.events,
          dispatcher,
          count,
          maxEventBytes: maxBodyBytes,
          log,
        });
  const tellLate = broker ? lateToBroker(broker) : lateToLog(log);
  const deadLetters = broker ? openDeadLetterDesk(broker, log) : noDeadLetters;
  const overdue = watchOverdue({ temporal, sweepEveryMs: times.sweep, metrics, log });
  health.watch(overdue.reason);
  if (broker) {
    health.watch(broker.reason);
    streamMetrics(metrics, broker.streams);
  }
  if (consumer) health.watch(consumer.reason);
  const stopTaking = async (): Promise<void> => {
    await overdue.close();
    await consumer?.close();
    await broker?.close();
    await temporal.connection.close();
  };
  try {
    const api = apiOver({
      temporal,
      app,
      triggers,
      times,
      dispatcher,
      tellLate,
      count,
      deadLetters,
      maxBodyBytes,
      log,
      metrics,
      ready: readiness({ temporal, health }),
      reach: reachOf(config.HOST),
    });
    const { port } = placeOf(config.places, 'api');
    const server = await serve(api, { host: config.HOST, port: port ?? 0 });
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
