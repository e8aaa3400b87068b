import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { sweepKilledSagas } from '../client/sweep-killed-sagas.ts';
import type { EventType } from '../contracts/events.ts';
import * as contracts from '../contracts/services.ts';
import { newEvent } from '../events/new-event.ts';
import { eventRoutes, handOut, openOutlet } from '../events/outlet.ts';
import { runProcess } from '../platform/process.ts';
import { temporalConnection } from '../platform/temporal.ts';
import { createWorkers } from './create-workers.ts';
import { ensureSweepSchedule } from './ensure-sweep-schedule.ts';
import { forgetSweeps } from './forget-sweeps.ts';
import { prepareNamespace } from './prepare-namespace.ts';
import { runWorkers } from './run-workers.ts';
import { installRuntime } from './sdk-log.ts';
import { throughTemporal } from './through-temporal.ts';
import { watchProblems } from './watch-problems.ts';
import { untilConnected } from './until-connected.ts';
import { workflowBundle } from './workflow-bundle.ts';

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
      } satisfies Record<keyof typeof contracts, string>,
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
