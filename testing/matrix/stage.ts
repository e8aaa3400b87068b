import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SagaTemporal } from '../../packages/client/src/known-sagas.ts';
import type { SagaEventToPublish } from '../../packages/contracts/src/engine-activities.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import { workflowBundle } from '../../packages/worker/src/workflow-bundle.ts';
import { freshNamespace } from '../namespace.ts';
import { SHOP_SERVICES, startShop, type Shop } from '../shop.ts';
import { startWorkerProcesses, type WorkerProcesses } from './worker-processes.ts';
import { SHOP_WORKFLOWS } from '../the-shop.ts';

/** Where cells are played: a namespace on the real server, the real services behind fault proxies, a real worker process. */
export interface Stage {
  readonly client: SagaTemporal;
  readonly shop: Shop;
  readonly workers: Pick<WorkerProcesses, 'killAndRestart'>;
  /** What sagas have published, by the event's id. */
  readonly published: ReadonlyMap<string, SagaEventToPublish>;
  /** How much of each SKU has been put on the shelf. */
  readonly shelved: Map<string, number>;
  /** Replays every history of the namespace, in words where one does not. */
  readonly notReplaying: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

export const startStage = async (): Promise<Stage> => {
  const [shop, space, broker] = await Promise.all([
    startShop(),
    freshNamespace(),
    startBroker(),
    // made once, before a process needs it
    workflowBundle(createLog('matrix', 'error'), SHOP_WORKFLOWS),
  ]);
  const { client, namespace, address } = space;
  const urls = Object.fromEntries(SHOP_SERVICES.map((name) => [name, shop.proxies[name].url]));
  const workers = await startWorkerProcesses({ address, namespace, urls, publishTo: broker.url });
  return {
    client,
    shop,
    workers,
    published: broker.published,
    shelved: new Map(),
    notReplaying: () => workers.notReplaying(),
    close: async () => {
      await workers.close();
      await Promise.all([broker.close(), space.close(), shop.close()]);
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
