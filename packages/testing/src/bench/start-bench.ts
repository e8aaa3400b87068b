import type { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import {
  knownSagas,
  sweepKilledSagas,
  withSagas,
  WORKFLOW_TASK_TIMEOUT_MS,
  type SagaTemporal,
} from '@amends/client/internal';
import type { SagaContract } from '@amends/contracts';
import {
  SAGA_TASK_QUEUE,
  type LateEventToTell,
  type SagaEventToPublish,
  type SagaTimes,
} from '@amends/contracts/internal';
import { createLog } from '@amends/runtime';
import {
  createWorkers,
  installRuntime,
  replayWithoutCallStacks,
  runWorkers,
  throughTemporal,
  workflowBundle,
  type Wiring,
} from '@amends/worker/internal';
import { wholeHistory } from '../reading/whole-history.ts';
import { freshNamespace } from '../servers/namespace.ts';
import type { Services } from '../services/start-services.ts';
import type { Stage } from '../stage.ts';
import { runningSaga, type RunningSaga } from './running-saga.ts';
import { unlikeContract } from './unlike-contract.ts';
import { wiringOfStage } from './wiring-of-stage.ts';

/** Short, so that budgets end within a test; a saga's start carries them. */
const QUICK: SagaTimes['steps'] = { '*': { attempt: 1_500, budget: 4_000, undoBudget: 4_000 } };

/** Real sagas on a real server against the real services, with the workers in this process. */
export interface Bench<S extends Services = Services> {
  readonly stage: Stage<S>;
  readonly client: SagaTemporal;
  readonly services: S;
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
  /**
   * Replays every history of the namespace, closes everything, and holds what was published against the contracts.
   *
   * @throws Error when a history does not replay, or an event is not as the contracts say
   */
  readonly close: () => Promise<void>;
}

/** Services that are called beside the application's own. */
export type Besides = Pick<Wiring, 'contracts' | 'urls' | 'outsiders' | 'serviceToken'>;

/** @param workflows the file of the workflows that run there, when others do than the application's */
export const startBench = async <S extends Services>(
  stage: Stage<S>,
  { workflows = stage.workflowsFile, besides }: { readonly workflows?: string; readonly besides?: Besides } = {},
): Promise<Bench<S>> => {
  const log = createLog('bench', 'error');
  installRuntime(log);
  const [services, space, bundle] = await Promise.all([
    stage.startServices(),
    freshNamespace(),
    workflowBundle(log, workflows),
  ]);
  const { namespace, address } = space;
  const client = withSagas(space.client, knownSagas(stage.app, stage.catalog));
  const connection = await NativeConnection.connect({ address });
  const published: SagaEventToPublish[] = [];
  const toldLate: LateEventToTell[] = [];
  const temporal = throughTemporal(client);
  const hooks: Bench['hooks'] = {};
  const proxied = Object.fromEntries(Object.entries(services.proxies).map(([name, { url }]) => [name, url]));
  const own = wiringOfStage(stage, proxied);

  let workers = await start();
  async function start() {
    const created = await createWorkers({
      connection,
      namespace,
      workflowBundle: bundle,
      wiring: {
        ...besides,
        contracts: { ...own.contracts, ...besides?.contracts },
        urls: { ...own.urls, ...besides?.urls },
        outsiders: { ...own.outsiders, ...besides?.outsiders },
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
    stage,
    client,
    services,
    namespace,
    address,
    published,
    toldLate,
    hooks,
    stopWorkers: () => workers.close(),
    startWorkers: async () => {
      workers = await start();
    },
    start: async (saga, input, { key = keyOf(stage, saga, input), times } = {}) => {
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
      await services.close();
      const wrong = unlikeContract(stage.app, published);
      if (wrong.length > 0) throw new Error(`what was published is not as the contracts say: ${wrong.join('; ')}`);
    },
  };
};

/** @throws Error for a saga that the contracts do not know */
const keyOf = ({ app }: Stage, saga: string, input: unknown): string => {
  const contract = Object.hasOwn(app.sagas, saga) ? (app.sagas[saga] as SagaContract<unknown, unknown, string>) : null;
  if (contract === null) throw new Error(`the contracts know no saga ${saga}: say its key`);
  return contract.key(input);
};

/** Every run of the namespace is replayed, children and recoveries too: code that is not deterministic cannot pass. */
const replayAll = async (client: Client, bundle: Awaited<ReturnType<typeof workflowBundle>>): Promise<void> => {
  const histories = [];
  for await (const { workflowId, runId } of client.workflow.list()) {
    histories.push({ workflowId, history: await wholeHistory(client, workflowId, runId) });
  }
  replayWithoutCallStacks();
  const replayed = Worker.runReplayHistories({ workflowBundle: bundle }, histories);
  for await (const { workflowId, error } of replayed) {
    if (error) throw new Error(`the history of ${workflowId} does not replay`, { cause: error });
  }
};
