import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { sweepKilledSagas } from '@amends/client/internal';
import type { EventType } from '../contracts/events.ts';
import * as contracts from '../contracts/services.ts';
import { newEvent } from '@amends/events/internal';
import { eventRoutes, handOut, openOutlet } from '@amends/events/internal';
import { runProcess } from '@amends/runtime/internal';
import { temporalConnection } from '@amends/client/internal';
import { createWorkers } from '@amends/worker/internal';
import { ensureSweepSchedule } from '@amends/worker/internal';
import { forgetSweeps } from '@amends/worker/internal';
import { prepareNamespace } from '@amends/worker/internal';
import { runWorkers } from '@amends/worker/internal';
import { installRuntime } from '@amends/worker/internal';
import { throughTemporal } from '@amends/worker/internal';
import { watchProblems } from '@amends/worker/internal';
import { untilConnected } from '@amends/worker/internal';
import { workflowBundle } from '@amends/worker/internal';

/** What the sagas' own events name as their source. */
const SOURCE = '/amends/sagas';

await runProcess('workers', async (config, log) => {
  installRuntime(log);
  const { connectionOptions, namespace } = temporalConnection(config);
  const bundling = workflowBundle(log);
  const connection = await untilConnected('Temporal', () => NativeConnection.connect(connectionOptions), log);
  await untilConnected('the namespace', () => prepareNamespace(connection, namespace, log), log);
  const outlet = await openOutlet(eventRoutes(config), log);
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
      },
      serviceToken: config.SERVICE_TOKEN,
      log,
    },
    outside: {
      publish: ({ id, type, data }) =>
        handOut(
          outlet,
          newEvent({ type: type as EventType, source: SOURCE, subject: data.key, data, id, time: data.at }),
        ),
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
  return {
    close: async () => {
      await problems.close();
      await running.close();
      await outlet.close();
      await connection.close();
    },
  };
});
