import type { SagaTemporal } from '../packages/client/src/known-sagas.ts';
import { randomUUID } from 'node:crypto';
import { createApi } from '../packages/api/src/create-api.ts';
import { exampleOrder, type Order } from '../contracts/orders.ts';
import { SagaView } from '../packages/contracts/src/saga-view.ts';
import { createLog } from '../packages/runtime/src/log.ts';
import { freshNamespace } from './namespace.ts';
import { type Script, startScriptedWorkers } from './scripted-services.ts';
import { shopApi } from './the-shop.ts';

const MAX_BODY_BYTES = 64_000;
const FOLLOW_MS = 20_000;
const POLL_MS = 50;
/** What a machine that is busy elsewhere answers: it is asked again. */
const UNAVAILABLE = 503;
/** Steps that give up within a test's patience. */
const TEST_TIMES = {
  // it gives up at its third attempt, after 1.5 s, and has all three to succeed once it is retried
  entries: { 'fulfilOrder.shipStock': { attempt: 2_000, budget: 3_000 }, '*': { attempt: 60_000 } },
} as const;

export interface WayIn {
  readonly client: SagaTemporal;
  readonly request: (path: string, init?: RequestInit) => Promise<Response>;
  readonly post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<Response>;
  /** An order that nobody else has. */
  readonly newOrder: () => Order;
  /** Starts its saga, which calls services by this script. */
  readonly start: (order: Order, script?: Script) => Promise<SagaView>;
  readonly rescript: (id: string, script: Script) => void;
  /** Reads a saga until it is so. */
  readonly until: (id: string, is: (view: SagaView) => boolean) => Promise<SagaView>;
  /** From then on no worker answers. */
  readonly stopWorkers: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * The HTTP interface over a real Temporal server and the real engine, in a namespace of the test file's own. `before` has that
 * namespace to itself before the engine's worker polls.
 */
export const startWayIn = async (before?: (client: SagaTemporal) => Promise<void>): Promise<WayIn> => {
  const { client, address, close } = await freshNamespace();
  await before?.(client);
  const workers = await startScriptedWorkers(client, address, TEST_TIMES);
  let stopped: Promise<void> | undefined;
  const stopWorkers = (): Promise<void> => (stopped ??= workers.close());
  const app = createApi({
    ...shopApi,
    temporal: client,
    times: TEST_TIMES,
    log: createLog('test', 'silent'),
    maxBodyBytes: MAX_BODY_BYTES,
    ready: () => Promise.resolve(),
  });
  const request: WayIn['request'] = async (path, init) => app.request(path, init);
  const post: WayIn['post'] = (path, body, headers) =>
    request(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
  return {
    client,
    request,
    post,
    newOrder: () => ({ ...exampleOrder, orderId: `o-${randomUUID()}` }),
    start: async (order, script = {}) => {
      workers.scripts.set(`fulfilOrder:${order.orderId}`, script);
      return SagaView.parse(await (await post('/sagas/fulfilOrder', order)).json());
    },
    rescript: (id, script) => void workers.scripts.set(id, script),
    until: async (id, is) => {
      const deadline = Date.now() + FOLLOW_MS;
      for (;;) {
        const answer = await request(`/sagas/${id}`);
        const isBusy = answer.status === UNAVAILABLE;
        const body: unknown = await answer.json();
        const view = isBusy ? undefined : SagaView.parse(body);
        if (view && is(view)) return view;
        if (Date.now() > deadline) throw new Error(`${id} is not so within ${FOLLOW_MS} ms: ${JSON.stringify(body)}`);
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    },
    stopWorkers,
    close: async () => {
      await stopWorkers();
      await close();
    },
  };
};
