import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { Outside } from '../packages/worker/src/activities/saga-activities.ts';
import type { ServiceAnswer } from '../packages/contracts/src/service-call.ts';
import { SAGA_TASK_QUEUE } from '../packages/contracts/src/protocol/task-queues.ts';
import { createLog } from '../packages/runtime/src/log.ts';
import { createWorkers } from '../packages/worker/src/create-workers.ts';
import { runWorkers } from '../packages/worker/src/run-workers.ts';
import type { ServiceLimit } from '../packages/worker/src/define-calls.ts';
import { installRuntime } from '../packages/worker/src/sdk-log.ts';
import { workflowBundle } from '../packages/worker/src/workflow-bundle.ts';
import type { callsInLane, LaneCall } from './lane-workflows.ts';
import { freshNamespace } from './namespace.ts';
import { serveThings, things } from '../packages/testing/fixtures/things-service.ts';

type Started = WorkflowHandleWithFirstExecutionRunId<typeof callsInLane>;

/** The workflows of this bench ask for nothing but their calls. */
const NOTHING_OUTSIDE = {} as Outside;

/** The project's own workers on a real server, calling one service whose behaviour is the test's. */
export interface LaneBench {
  /** What the service does from now on. */
  readonly serve: (listener: RequestListener) => void;
  /** When each request came, in milliseconds since the epoch. */
  readonly received: number[];
  readonly start: (call: LaneCall) => Promise<Started>;
  readonly run: (call: LaneCall) => Promise<ServiceAnswer[]>;
  readonly close: () => Promise<void>;
}

/**
 * @param processes how many workers of each kind, as if of so many processes
 * @param limit what the service is spared; by default what is usual
 */
export const startLaneBench = async (service: string, processes = 1, limit?: ServiceLimit): Promise<LaneBench> => {
  const log = createLog('bench', 'fatal');
  installRuntime(log);
  let serving: RequestListener = (_, answer) => answer.end('{"made":true}');
  const received: number[] = [];
  const server = await serveThings((request, answer) => {
    received.push(Date.now());
    serving(request, answer);
  });
  const [{ client, namespace, address, close }, bundle] = await Promise.all([
    freshNamespace(),
    workflowBundle(log, 'testing/lane-workflows.ts'),
  ]);
  const running = await Promise.all(
    Array.from({ length: processes }, async () => {
      // one of its own each: two workers of one queue may not share a connection
      const connection = await NativeConnection.connect({ address });
      const workers = await createWorkers({
        connection,
        namespace,
        workflowBundle: bundle,
        wiring: { contracts: { [service]: things }, urls: { [service]: server.url } },
        outside: NOTHING_OUTSIDE,
        ...(limit && { calls: { [service]: limit } }),
      });
      const run = runWorkers(workers, (error) => {
        throw error;
      });
      return { close: () => run.close().then(() => connection.close()) };
    }),
  );
  const start = (call: LaneCall): Promise<Started> =>
    client.workflow.start<typeof callsInLane>('callsInLane', {
      workflowId: randomUUID(),
      taskQueue: SAGA_TASK_QUEUE,
      args: [call],
      workflowTaskTimeout: '5s',
    });
  return {
    serve: (listener) => {
      serving = listener;
    },
    received,
    start,
    run: async (call) => (await start(call)).result(),
    close: async () => {
      await Promise.all(running.map((one) => one.close()));
      await close();
      server.close();
    },
  };
};
