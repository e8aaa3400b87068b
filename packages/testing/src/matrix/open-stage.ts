import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { knownSagas, withSagas, type SagaTemporal } from '@amends/client/internal';
import type { SagaEventToPublish } from '@amends/contracts/internal';
import { createLog } from '@amends/runtime';
import { workflowBundle } from '@amends/worker/internal';
import { freshNamespace } from '../servers/namespace.ts';
import type { Services } from '../services/start-services.ts';
import type { Stage } from '../stage.ts';
import { startWorkerProcesses, type WorkerProcesses } from './worker-processes.ts';

/** Where cells are played: a namespace on the real server, the real services behind fault proxies, a real worker process. */
export interface OpenStage {
  readonly stage: Stage;
  readonly client: SagaTemporal;
  readonly services: Services;
  readonly workers: Pick<WorkerProcesses, 'killAndRestart'>;
  /** What sagas have published, by the event's id. */
  readonly published: ReadonlyMap<string, SagaEventToPublish>;
  /** Replays every history of the namespace, in words where one does not. */
  readonly notReplaying: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

export const openStage = async (stage: Stage): Promise<OpenStage> => {
  const [services, space, broker] = await Promise.all([
    stage.startServices(),
    freshNamespace(),
    startBroker(),
    // made once, before a process needs it
    workflowBundle(createLog('matrix', 'error'), stage.workflowsFile),
  ]);
  const { namespace, address } = space;
  const urls = Object.fromEntries(Object.entries(services.proxies).map(([name, { url }]) => [name, url]));
  const workers = await startWorkerProcesses(stage.module, {
    address,
    namespace,
    urls,
    publishTo: broker.url,
  });
  return {
    stage,
    client: withSagas(space.client, knownSagas(stage.app, stage.catalog)),
    services,
    workers,
    published: broker.published,
    notReplaying: () => workers.notReplaying(),
    close: async () => {
      await workers.close();
      await Promise.all([broker.close(), space.close(), services.close()]);
    },
  };
};

/** Takes what sagas publish; a repeat of an id is no second event. */
const startBroker = async () => {
  const published = new Map<string, SagaEventToPublish>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const event = JSON.parse(Buffer.concat(chunks).toString()) as SagaEventToPublish;
      published.set(event.id, event);
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    published,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
