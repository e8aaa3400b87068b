import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { knownSagas, sweepKilledSagas, temporalConnection, withSagas } from '@amends/client/internal';
import { connectBroker, eventRoutes, openOutlet, sagaTellsLate, sagaTellsLateToLog } from '@amends/events/internal';
import { lookAfter, readSystemConfig, runProcess, type System, workflowsOf } from '@amends/runtime/internal';
import { createWorkers } from './create-workers.ts';
import type { Calls } from './define-calls.ts';
import { ensureSweepSchedule } from './ensure-sweep-schedule.ts';
import { forgetSweeps } from './forget-sweeps.ts';
import { prepareNamespace } from './prepare-namespace.ts';
import { publishSagaEvent } from './publish-saga-event.ts';
import { runWorkers } from './run-workers.ts';
import { installRuntime } from './sdk-log.ts';
import { tellEndsAgain } from './tell-ends-again.ts';
import { throughTemporal } from './through-temporal.ts';
import { untilConnected } from './until-connected.ts';
import { watchProblems } from './watch-problems.ts';
import { wiringOf } from './wiring-of.ts';
import { builtBundle, workflowBundle } from './workflow-bundle.ts';

/** How soon what somebody takes away from Temporal is there again. */
const LOOK_EVERY_MS = 20_000;

const CALL_STACKS_ON =
  'call stacks of workflows are on: each saga costs several times the CPU; unset AMENDS_CALL_STACKS to turn them off';
const CALL_STACKS_OFF =
  "call stacks of workflows are off: AMENDS_CALL_STACKS=on has the Web UI show where a saga's code waits";

/** What an application's workers are made of. */
export interface WorkersOfSystem {
  /** What `amends.config.ts` exports. */
  readonly system: System;
  /** The value of `contracts/catalog.json`. */
  readonly catalog: unknown;
  /** How each service is called. */
  readonly calls: Calls;
}

/**
 * Runs the worker process of an application until it is told to end: the workers of its sagas and of each service's calls, the sweep of
 * killed sagas, and what Temporal has to know of them. A Temporal that is away is waited for.
 */
export const startWorkers = ({ system, catalog, calls }: WorkersOfSystem): Promise<void> =>
  runProcess(
    'workers',
    () => readSystemConfig(system),
    async (config, log) => {
      installRuntime(log);
      const sagas = knownSagas(system.app, catalog);
      const wiring = wiringOf(config, calls);
      const { connectionOptions, namespace } = temporalConnection(config);
      const bundling = builtBundle().then((built) => built ?? workflowBundle(log, workflowsOf(system)));
      const connection = await untilConnected('Temporal', () => NativeConnection.connect(connectionOptions), log);
      await untilConnected('the namespace', () => prepareNamespace(connection, namespace, log), log);
      const outlet = await openOutlet(eventRoutes(config), log);
      const broker = config.NATS_URL === undefined ? undefined : connectBroker(config.NATS_URL, log);
      const client = withSagas(new Client({ connection, namespace }), sagas);
      const { sweep: everyMs, ...times } = config.AMENDS_TIMES;
      await untilConnected('the sweep', () => ensureSweepSchedule(client, { everyMs, log }), log);

      const callStacks = config.AMENDS_CALL_STACKS === 'on';
      log.info({ callStacks }, callStacks ? CALL_STACKS_ON : CALL_STACKS_OFF);
      const workers = await createWorkers({
        connection,
        namespace,
        callStacks,
        workflowBundle: await bundling,
        wiring: { ...wiring, log },
        calls,
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
    },
  );
