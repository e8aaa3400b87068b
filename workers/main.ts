import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { outsiders } from '@amends/worker/internal';
import { sweepKilledSagas } from '@amends/client/internal';
import * as contracts from '../contracts/services.ts';
import { connectBroker } from '@amends/events/internal';
import { sagaTellsLate, sagaTellsLateToLog } from '@amends/events/internal';
import { eventRoutes, openOutlet } from '@amends/events/internal';
import { variableOf } from '@amends/runtime/internal';
import { lookAfter } from '@amends/runtime/internal';
import { runProcess } from '@amends/runtime/internal';
import { temporalConnection } from '@amends/client/internal';
import { createWorkers } from '@amends/worker/internal';
import { ensureSweepSchedule } from '@amends/worker/internal';
import { forgetSweeps } from '@amends/worker/internal';
import { prepareNamespace } from '@amends/worker/internal';
import { publishSagaEvent } from '@amends/worker/internal';
import { runWorkers } from '@amends/worker/internal';
import { installRuntime } from '@amends/worker/internal';
import { tellEndsAgain } from '@amends/worker/internal';
import { throughTemporal } from '@amends/worker/internal';
import { watchProblems } from '@amends/worker/internal';
import { untilConnected } from '@amends/worker/internal';
import { workflowBundle } from '@amends/worker/internal';

/** How soon what somebody takes away from Temporal is there again. */
const LOOK_EVERY_MS = 20_000;

await runProcess('workers', async (config, log) => {
  installRuntime(log);
  const outsidersHere = outsiders(variableOf(config));
  const { connectionOptions, namespace } = temporalConnection(config);
  const bundling = workflowBundle(log);
  const connection = await untilConnected('Temporal', () => NativeConnection.connect(connectionOptions), log);
  await untilConnected('the namespace', () => prepareNamespace(connection, namespace, log), log);
  const outlet = await openOutlet(eventRoutes(config), log);
  const broker = config.NATS_URL === undefined ? undefined : connectBroker(config.NATS_URL, log);
  const client = new Client({ connection, namespace });
  const { sweep: everyMs, ...times } = config.AMENDS_TIMES;
  await untilConnected('the sweep', () => ensureSweepSchedule(client, { everyMs, log }), log);

  const workers = await createWorkers({
    connection,
    namespace,
    workflowBundle: await bundling,
    wiring: {
      contracts,
      urls: {
        orders: config.ORDERS_URL,
        inventory: config.INVENTORY_URL,
        payments: config.PAYMENTS_URL,
        shipping: config.SHIPPING_URL,
        notifications: config.NOTIFICATIONS_URL,
      } satisfies Record<keyof typeof contracts, string>,
      outsiders: outsidersHere,
      serviceToken: config.SERVICE_TOKEN,
      log,
    },
    outside: {
      publish: (event, runId) => publishSagaEvent(outlet, event, runId),
      tellLate: broker ? sagaTellsLate(broker) : sagaTellsLateToLog(log),
      ...throughTemporal(client),
      sweep: async (signal) => {
        await forgetSweeps(client, log);
        return sweepKilledSagas(client, { times, log, signal });
      },
    },
  });
  const running = runWorkers(workers, (error) => {
    throw error;
  });
  const problems = watchProblems(client, log);
  const setUp = lookAfter({
    what: 'what sagas need of Temporal',
    check: async () => {
      await prepareNamespace(connection, namespace, log);
      await ensureSweepSchedule(client, { everyMs, log });
    },
    everyMs: LOOK_EVERY_MS,
    log,
  });
  const ends = tellEndsAgain(client, outlet, log);
  return {
    close: async () => {
      await setUp.close();
      await ends.close();
      await problems.close();
      await running.close();
      await outlet.close();
      await broker?.close();
      await connection.close();
    },
  };
});
