import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { SagaTemporal } from '../packages/client/src/known-sagas.ts';
import { sweepKilledSagas } from '../packages/client/src/recovery/sweep-killed-sagas.ts';
import type { Action } from '../packages/contracts/src/define.ts';
import type { LateEventToTell } from '../packages/contracts/src/engine-activities.ts';
import type {
  ServiceAnswer,
  ServiceCall,
  ServiceFailureType,
  LaterDetail,
} from '../packages/contracts/src/service-call.ts';
import * as services from '../contracts/services.ts';
import { SAGA_TASK_QUEUE, serviceTaskQueue } from '../packages/contracts/src/protocol/task-queues.ts';
import { sagaActivities } from '../packages/worker/src/activities/saga-activities.ts';
import { withoutCallStacks } from '../packages/worker/src/call-stacks.ts';
import { createLog } from '../packages/runtime/src/log.ts';
import type { TimesTable } from '../packages/runtime/src/times.ts';
import { throughTemporal } from '../packages/worker/src/through-temporal.ts';
import { workflowBundle } from '../packages/worker/src/workflow-bundle.ts';
import { SHOP_WORKFLOWS } from './the-shop.ts';

/** How soon a hanging call hears of a cancel. */
const HEARTBEAT_MS = 200;

/** What one activity type of one saga does, `engine:publishEvent` too; `undefined` answers as the contract's example does. */
export type Script = Readonly<Record<string, (attempt: number) => Promise<unknown> | undefined>>;

/** A service says no. */
export const refuses = (code: string) => (attempt: number) =>
  Promise.reject(
    ApplicationFailure.nonRetryable(`refused: ${code}`, 'Refused' satisfies ServiceFailureType, attempt, {
      code,
      message: `the test refuses with ${code}`,
    }),
  );

/** A service is away for the first `times` attempts. */
export const isAway =
  (times = Number.POSITIVE_INFINITY) =>
  (attempt: number) =>
    attempt > times
      ? undefined
      : Promise.reject(
          ApplicationFailure.create({
            message: 'the service is away',
            type: 'Unavailable' satisfies ServiceFailureType,
            details: [attempt],
          }),
        );

/** A service that answers what nobody understands: it may have happened or not, and repeating is in vain. */
export const garbles = (attempt: number) =>
  Promise.reject(
    ApplicationFailure.nonRetryable('the answer is garbled', 'Unknown' satisfies ServiceFailureType, attempt),
  );

/** A call that goes on until it is cancelled. */
export const hangs = () => {
  const context = Context.current();
  const beating = setInterval(() => context.heartbeat(), HEARTBEAT_MS);
  return context.cancelled.finally(() => clearInterval(beating));
};

/** What is scripted happens in the durable lane, where it can be seen. */
const handOver = () =>
  ApplicationFailure.nonRetryable('scripted', 'Unavailable' satisfies ServiceFailureType, 0, {
    retryInMs: 0,
  } satisfies LaterDetail);

/** The real engine on a worker, with each service's queue served by scripts instead of calls: for tests of what stands around it. */
export const startScriptedWorkers = async (
  client: SagaTemporal,
  address: string,
  times: TimesTable = { entries: {} },
): Promise<{
  scripts: Map<string, Script>;
  /** Cancels by event that sagas told as late. */
  toldLate: readonly LateEventToTell[];
  close: () => Promise<void>;
}> => {
  const toldLate: LateEventToTell[] = [];
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const scripts = new Map<string, Script>();
  const connection = await NativeConnection.connect({ address });
  const { namespace } = client.options;
  const answer = async (call: ServiceCall): Promise<ServiceAnswer> => {
    const { attempt: tries, activityType, isLocal } = Context.current().info;
    const [sagaId = ''] = call.key.split('/');
    const script = scripts.get(sagaId)?.[activityType];
    if (script && isLocal) throw handOver();
    const attempt = call.attemptsBefore + tries;
    try {
      return { answer: (await script?.(attempt)) ?? usual(call), attempt };
    } catch (error) {
      // as the real activity: what is asked until it is answered is repeated, whatever was said
      if (call.untilAnswered !== true || !(error instanceof ApplicationFailure)) throw error;
      throw ApplicationFailure.retryable(error.message, 'Unavailable' satisfies ServiceFailureType, attempt);
    }
  };
  const bundle = await workflowBundle(createLog('test', 'silent'), SHOP_WORKFLOWS);
  const workers = await Promise.all([
    withoutCallStacks(() =>
      Worker.create({
        connection,
        namespace,
        taskQueue: SAGA_TASK_QUEUE,
        workflowBundle: bundle,
        activities: {
          default: answer,
          ...sagaActivities({
            publish: async ({ data }) => {
              await scripts.get(data.sagaId)?.['engine:publishEvent']?.(Context.current().info.attempt);
            },
            tellLate: async (late) => {
              toldLate.push(late);
            },
            ...throughTemporal(client),
            sweep: (signal) => sweepKilledSagas(client, { times, log: createLog('test', 'silent'), signal }),
          }),
        },
      }),
    ),
    ...Object.keys(services).map((service) =>
      Worker.create({
        connection,
        namespace,
        taskQueue: serviceTaskQueue(service),
        activities: { default: answer },
        maxHeartbeatThrottleInterval: HEARTBEAT_MS,
      }),
    ),
  ]);
  const running = Promise.all(workers.map((worker) => worker.run()));
  return {
    scripts,
    toldLate,
    close: async () => {
      for (const worker of workers) worker.shutdown();
      await running;
      await connection.close();
    },
  };
};

const contracts = new Map(Object.entries({ ...services })) as unknown as ReadonlyMap<
  string,
  { readonly actions: Readonly<Record<string, Action>> }
>;

const usual = ({ op, service, action, key }: ServiceCall): unknown => {
  if (op === 'seal') return { items: [], next: null };
  if (op === 'do') return contracts.get(service)?.actions[action]?.example.output;
  return { key, state: op === 'undo' ? 'undone' : 'blocked', answer: null };
};
