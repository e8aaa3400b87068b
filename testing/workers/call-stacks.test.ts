import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import workerThreads from 'node:worker_threads';
import type { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { globalHandlers } from '@temporalio/worker/lib/workflow/vm-shared.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SAGA_TASK_QUEUE } from '../../packages/contracts/src/protocol/task-queues.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import { historiesOf, readHistories } from '../../packages/testing/src/histories/manifest.ts';
import type { Outside } from '../../packages/worker/src/activities/saga-activities.ts';
import { replayWithoutCallStacks } from '../../packages/worker/src/call-stacks.ts';
import { createWorkers } from '../../packages/worker/src/create-workers.ts';
import { runWorkers } from '../../packages/worker/src/run-workers.ts';
import { installRuntime } from '../../packages/worker/src/sdk-log.ts';
import { workflowBundle } from '../../packages/worker/src/workflow-bundle.ts';
import { freshNamespace } from '../namespace.ts';
import { stage } from '../stage.ts';

const WORKFLOWS = 'testing/call-stack-workflows.ts';
const PROMISES = 2_000;
const ownThread = workerThreads.Worker;

interface Running {
  readonly client: Client;
  readonly run: (workflow: string, ...args: unknown[]) => Promise<unknown>;
  /** What the Web UI asks for a workflow's call stack. */
  readonly stackOf: (workflow: string) => Promise<string>;
  readonly close: () => Promise<void>;
}

const startWorkers = async (callStacks?: boolean): Promise<Running> => {
  const { client, namespace, address, close } = await freshNamespace();
  const connection = await NativeConnection.connect({ address });
  const workers = await createWorkers({
    connection,
    namespace,
    workflowBundle: await workflowBundle(log, WORKFLOWS),
    wiring: { contracts: {}, urls: {} },
    outside: {} as Outside,
    ...(callStacks !== undefined && { callStacks }),
  });
  const running = runWorkers(workers, (error) => {
    throw error;
  });
  const start = (workflow: string, args: unknown[]) =>
    client.workflow.start(workflow, { workflowId: randomUUID(), taskQueue: SAGA_TASK_QUEUE, args });
  return {
    client,
    run: async (workflow, ...args) => (await start(workflow, args)).result(),
    stackOf: async (workflow) => {
      const handle = await start(workflow, []);
      const stack = await handle.query<string>('__stack_trace');
      await handle.terminate('a test');
      return stack;
    },
    close: async () => {
      await running.close();
      await connection.close();
      await close();
    },
  };
};

const tookMs = async (act: () => Promise<unknown>): Promise<number> => {
  const begun = performance.now();
  await act();
  return performance.now() - begun;
};

let off: Running;
let on: Running;
const log = createLog('call stacks', 'fatal');
beforeAll(async () => {
  installRuntime(log);
  off = await startWorkers();
  on = await startWorkers(true);
});
afterAll(async () => {
  await off.close();
  await on.close();
});

describe('call stacks of workflows', () => {
  it('are off: the thread of the workflows has no promise hook of the SDK', async () => {
    await expect(off.stackOf('waitsHere')).rejects.toThrow('stack traces are not enabled');
  });

  it('are there when they are asked for, and name the place where a workflow waits', async () => {
    expect(await on.stackOf('waitsHere')).toContain('waitsHere');
  });

  it('cost a multiple: an SDK that takes another way to make them is noticed', { retry: 2 }, async () => {
    for (const { run } of [off, on]) await run('makesPromises', 1);
    const offMs = await tookMs(() => off.run('makesPromises', PROMISES));
    const onMs = await tookMs(() => on.run('makesPromises', PROMISES));
    expect(onMs, JSON.stringify({ onMs, offMs })).toBeGreaterThan(3 * offMs);
  });

  it('S4: without them a cancellation scope survives an await', async () => {
    expect(await off.run('scopeAfterAwait')).toEqual({ isCurrent: true, timer: 'cancelled' });
  });

  it('recorded histories replay without them, and AsyncLocalStorage survives an await where they are off', async () => {
    replayWithoutCallStacks();
    const recorded = await readHistories(historiesOf(stage));
    const bundle = await workflowBundle(log, stage.workflowsFile);
    const wrong: string[] = [];
    for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle: bundle }, recorded)) {
      if (error) wrong.push(workflowId);
    }
    expect(wrong).toEqual([]);
    const { installed, promiseHookInstalled } = globalHandlers as unknown as Record<string, boolean>;
    expect({ installed, promiseHookInstalled }).toEqual({ installed: true, promiseHookInstalled: false });
    const storage = new AsyncLocalStorage<number>();
    const seen = await storage.run(1, async () => {
      await Promise.resolve();
      return storage.getStore();
    });
    expect(seen).toBe(1);
  });

  it('no other thread is changed, and none once a worker has been created', () => {
    expect(workerThreads.Worker).toBe(ownThread);
  });
});
