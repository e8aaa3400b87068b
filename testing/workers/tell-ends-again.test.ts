import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EVENTS_STREAM } from '../../packages/contracts/src/protocol/streams.ts';
import { openOutlet, type Outlet } from '../../packages/events/src/targets/outlet.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import { ownNats, type OwnNats } from '../../packages/testing/src/servers/own-nats.ts';
import { readStream } from '../../packages/testing/src/reading/read-stream.ts';
import { anOrder, startSagaBench, type SagaBench } from '../saga-bench.ts';
import { tellEndsAgain } from '../../packages/worker/src/tell-ends-again.ts';

const log = createLog('test', 'silent');
const WITHIN = { timeout: 60_000, interval: 250 };

let bench: SagaBench;
let nats: OwnNats;
beforeAll(async () => {
  [bench, nats] = await Promise.all([startSagaBench(), ownNats()]);
}, 60_000);
afterAll(async () => {
  await bench?.close();
  await nats?.remove();
});

const ids = async (): Promise<string[]> =>
  (await readStream(nats.url, EVENTS_STREAM)).map((message) => message.json<{ id: string }>().id);

it('E9: the ends of sagas are published again into a stream made anew, once, as they were told', async () => {
  const order = await anOrder(bench.shop);
  const id = `fulfilOrder:${order.orderId}`;
  await bench.client.workflow.execute('fulfilOrder', { workflowId: id, taskQueue: 'amends', args: [order] });
  const told = bench.published.find((event) => event.id === `${id}/completed`);

  let outlet: Outlet = await openOutlet({ natsUrl: nats.url }, log);
  let ends = tellEndsAgain(bench.client, outlet, log);
  await expect.poll(() => ids().catch(() => []), WITHIN).toEqual([`${id}/completed`]);
  const [again] = await readStream(nats.url, EVENTS_STREAM);
  const { data } = again?.json<{ data: object }>() ?? {};
  expect(data).toEqual({ ...told?.data, at: expect.any(String) });

  const nc = await connect({ servers: nats.url });
  const jsm = await jetstreamManager(nc);
  const marked = async () => (await jsm.streams.info(EVENTS_STREAM)).config.metadata?.['amends-ends-told'];
  await expect.poll(marked, WITHIN).toBeTruthy();
  await ends.close();
  await outlet.close();
  outlet = await openOutlet({ natsUrl: nats.url }, log);
  ends = tellEndsAgain(bench.client, outlet, log);
  await jsm.streams.delete(EVENTS_STREAM);
  await expect.poll(() => ids().catch(() => []), WITHIN).toEqual([`${id}/completed`]);
  await ends.close();
  await outlet.close();
  await nc.close();
}, 180_000);
