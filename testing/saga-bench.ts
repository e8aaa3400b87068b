import { randomUUID } from 'node:crypto';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { expect } from 'vitest';
import { WORKFLOW_TASK_TIMEOUT_MS } from '../packages/client/src/start-saga.ts';
import type { SagaTemporal } from '../packages/client/src/known-sagas.ts';
import { sweepKilledSagas } from '../packages/client/src/sweep-killed-sagas.ts';
import { recoveryId } from '../packages/contracts/src/ids.ts';
import * as contracts from '../contracts/services.ts';
import type { SagaUpdate } from '../packages/contracts/src/saga-messages.ts';
import type { SagaView } from '../packages/contracts/src/saga-view.ts';
import type { SagaTimes } from '../packages/contracts/src/saga-start.ts';
import type { LateEventToTell, SagaEventToPublish } from '../packages/contracts/src/engine-activities.ts';
import { SAGA_TASK_QUEUE } from '../packages/contracts/src/task-queues.ts';
import type { Order } from '../contracts/orders.ts';
import { createLog } from '../packages/runtime/src/log.ts';
import type { Wiring } from '../packages/worker/src/activities/call-service.ts';
import { createWorkers } from '../packages/worker/src/create-workers.ts';
import { runWorkers } from '../packages/worker/src/run-workers.ts';
import { installRuntime } from '../packages/worker/src/sdk-log.ts';
import { throughTemporal } from '../packages/worker/src/through-temporal.ts';
import { workflowBundle } from '../packages/worker/src/workflow-bundle.ts';
import { freshNamespace } from './namespace.ts';
import { unlikeSagaEvents } from './published-form.ts';
import { SHOP_SERVICES, startShop, type Shop } from './shop.ts';
import { wholeHistory } from '../packages/testing/src/reading/whole-history.ts';

/** The sagas of the project, and the odd ones that only tests run. */
const ENTRY = 'testing/odd-sagas.ts';

/** Short, so that budgets end within a test; a saga's start carries them. */
const QUICK: SagaTimes['steps'] = { '*': { attempt: 1_500, budget: 4_000, undoBudget: 4_000 } };

export interface RunningSaga {
  readonly id: string;
  readonly key: string;
  readonly handle: WorkflowHandle;
  readonly view: () => Promise<SagaView>;
  /** Resolves with the view when the saga has closed. */
  readonly closed: () => Promise<SagaView>;
  /** Resolves with the view once it is so; fails after 20 s. */
  readonly until: (so: (view: SagaView) => boolean) => Promise<SagaView>;
  readonly cancel: () => Promise<unknown>;
  readonly retry: (step: string) => Promise<unknown>;
  /** Any Update, as ann. */
  readonly act: (update: SagaUpdate, request: object) => Promise<unknown>;
}

/**
 * Real sagas on a real server against the real services; at its end every history that came about is replayed, and every event that was
 * published held against its published form (E7).
 */
export interface SagaBench {
  readonly client: SagaTemporal;
  readonly shop: Shop;
  readonly namespace: string;
  readonly address: string;
  /** What sagas have published. */
  readonly published: readonly SagaEventToPublish[];
  /** Cancels by event that sagas told as late. */
  readonly toldLate: readonly LateEventToTell[];
  /** Called before a saga's own wish to be cancelled reaches Temporal. */
  readonly hooks: { beforeCancel?: (workflowId: string) => Promise<void> };
  /** The workers end; the namespace, its sagas and the services stay. */
  readonly stopWorkers: () => Promise<void>;
  readonly startWorkers: () => Promise<void>;
  readonly start: (saga: string, input: unknown, options?: { key?: string; times?: SagaTimes }) => Promise<RunningSaga>;
  /** Replays every history of the namespace, closes everything, and judges what was published. */
  readonly close: () => Promise<void>;
}

/** Services that are called beside the shop's. */
export type Besides = Pick<Wiring, 'contracts' | 'urls' | 'outsiders' | 'serviceToken'>;

/** @param entry the workflows that it runs */
export const startSagaBench = async (entry = ENTRY, besides?: Besides): Promise<SagaBench> => {
  const log = createLog('bench', 'error');
  installRuntime(log);
  const [shop, space, bundle] = await Promise.all([startShop(), freshNamespace(), workflowBundle(log, entry)]);
  const { client, namespace, address } = space;
  const connection = await NativeConnection.connect({ address });
  const published: SagaEventToPublish[] = [];
  const toldLate: LateEventToTell[] = [];
  const temporal = throughTemporal(client);
  const hooks: SagaBench['hooks'] = {};

  let workers = await start();
  async function start() {
    const created = await createWorkers({
      connection,
      namespace,
      workflowBundle: bundle,
      wiring: {
        ...besides,
        contracts: { ...contracts, ...besides?.contracts },
        urls: {
          ...Object.fromEntries(SHOP_SERVICES.map((name) => [name, shop.proxies[name].url])),
          ...besides?.urls,
        },
      },
      outside: {
        publish: async (event) => {
          published.push(event);
        },
        tellLate: async (late) => {
          toldLate.push(late);
        },
        ...temporal,
        cancelWorkflow: async (workflowId, runId) => {
          await hooks.beforeCancel?.(workflowId);
          return temporal.cancelWorkflow(workflowId, runId);
        },
        sweep: (signal) => sweepKilledSagas(client, { times: { entries: { '*': QUICK['*'] ?? {} } }, log, signal }),
      },
    });
    return runWorkers(created, (error) => {
      throw error;
    });
  }

  return {
    client,
    shop,
    namespace,
    address,
    published,
    toldLate,
    hooks,
    stopWorkers: () => workers.close(),
    startWorkers: async () => {
      workers = await start();
    },
    start: async (saga, input, { key = (input as { orderId: string }).orderId, times } = {}) => {
      const id = `${saga}:${key}`;
      const handle = await client.workflow.start(saga, {
        workflowId: id,
        taskQueue: SAGA_TASK_QUEUE,
        args: [
          input,
          {
            startedAt: new Date().toISOString(),
            trigger: { kind: 'http', id: null, type: null, source: null },
            times: times ?? { steps: QUICK },
          },
        ],
        workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT_MS,
      });
      return runningSaga(id, key, handle);
    },
    close: async () => {
      await replayAll(client, bundle);
      await workers.close();
      await connection.close();
      await space.close();
      await shop.close();
      expect(unlikeSagaEvents(published)).toEqual([]);
    },
  };
};

const POLL_MS = 50;
const UNTIL_MS = 20_000;

/** A saga that has been started. */
export const runningSaga = (id: string, key: string, handle: WorkflowHandle): RunningSaga => {
  const view = (): Promise<SagaView> => handle.query('view');
  const act = { actor: 'ann', reason: 'a test' };
  return {
    id,
    key,
    handle,
    view,
    closed: async () => {
      try {
        await handle.result();
      } catch (error) {
        if (!(error instanceof WorkflowFailedError)) throw error;
      }
      return view();
    },
    until: async (so) => {
      for (const end = Date.now() + UNTIL_MS; ;) {
        const now = await view();
        if (so(now)) return now;
        if (Date.now() > end) expect.fail(`it never came so: ${JSON.stringify(now, null, 1)}`);
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    },
    cancel: () => handle.executeUpdate('cancel', { args: [act], updateId: 'cancel' }),
    retry: (step) => handle.executeUpdate('retry', { args: [{ ...act, step }], updateId: randomUUID() }),
    act: (update, request) => handle.executeUpdate(update, { args: [{ ...act, ...request }], updateId: randomUUID() }),
  };
};

/** The recovery run of a saga that was killed and swept (S14). */
export const recoveryOf = (bench: SagaBench, { id, key }: RunningSaga): RunningSaga =>
  runningSaga(id, key, bench.client.workflow.getHandle(recoveryId(id)));

/** Every run of the namespace is replayed, children and recoveries too: code that is not deterministic cannot pass. */
const replayAll = async (client: SagaTemporal, bundle: Awaited<ReturnType<typeof workflowBundle>>): Promise<void> => {
  const histories = [];
  for await (const { workflowId, runId } of client.workflow.list()) {
    histories.push({ workflowId, history: await wholeHistory(client, workflowId, runId) });
  }
  const replayed = Worker.runReplayHistories({ workflowBundle: bundle }, histories);
  for await (const { workflowId, error } of replayed) {
    if (error) throw new Error(`the history of ${workflowId} does not replay`, { cause: error });
  }
};

/** An order of one mug, of which there are plenty. */
export const anOrder = async (shop: Shop, changes: Partial<Order> = {}): Promise<Order> => {
  const orderId = `o-${randomUUID().slice(0, 8)}`;
  const sku = `mug-${orderId}`;
  await shop.putStock(sku, 10);
  return {
    orderId,
    customerId: 'c-1',
    currency: 'EUR',
    lines: [{ sku, quantity: 2, unitPrice: 900 }],
    shipTo: { country: 'DE' },
    paymentToken: 'tok_ok',
    ...changes,
  };
};

/** What is left of an order in the shop: nothing may be, when it was undone. */
export const effectsOf = async (shop: Shop, { orderId }: { orderId: string }) => {
  const states = async (service: 'inventory' | 'payments' | 'shipping' | 'notifications', path: string) =>
    (
      (await shop.get(service, `${path}?orderId=${orderId}`)) as { items: { state?: string; template?: string }[] }
    ).items
      .map(({ state, template }) => state ?? template ?? '')
      .toSorted((a, b) => a.localeCompare(b));
  return {
    reservations: await states('inventory', '/reservations'),
    payments: await states('payments', '/payments'),
    shipments: await states('shipping', '/shipments'),
    notifications: await states('notifications', '/notifications'),
  };
};
