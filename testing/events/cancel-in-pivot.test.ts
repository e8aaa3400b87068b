import { randomUUID } from 'node:crypto';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { SagaView } from '../../packages/contracts/src/saga-view.ts';
import { exampleOrder } from '../../contracts/orders.ts';
import { EVENTS_STREAM, eventSubject } from '../../packages/contracts/src/protocol/streams.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import { freshNamespace } from '../namespace.ts';
import { ownNats } from '../../packages/testing/src/servers/own-nats.ts';
import { hangs, startScriptedWorkers } from '../scripted-services.ts';
import { consumeTriggers } from '../../packages/api/src/triggers/consume-triggers.ts';
import { createDispatcher } from '../../packages/api/src/triggers/dispatcher.ts';
import { ensureStreams } from '../../packages/events/src/broker/ensure-streams.ts';
import { newEvent } from '../../packages/events/src/edge/new-event.ts';
import { shopApi, shopEvents } from '../the-shop.ts';

const log = createLog('test', 'silent');
const source = '/test';
/** More than are in flight at once. */
const CANCELS = 33;
const SOON_MS = 8_000;
const WITHIN = { timeout: 20_000, interval: 50 };

it('S9 E2: cancels of a saga whose pivot is in flight hold up no other event', async () => {
  const [{ client, address, close }, nats] = await Promise.all([freshNamespace(), ownNats()]);
  const workers = await startScriptedWorkers(client, address);
  const nc = await connect({ servers: nats.url });
  const jsm = await jetstreamManager(nc);
  await ensureStreams(jsm);
  const dispatcher = createDispatcher({ triggers: shopApi.triggers, temporal: client, times: { entries: {} }, log });
  const consumer = await consumeTriggers({
    contracts: shopEvents,
    natsUrl: nats.url,
    dispatcher,
    count: () => {},
    maxEventBytes: 1_048_576,
    log,
  });
  onTestFinished(async () => {
    await consumer.close();
    await nc.close();
    await nats.remove();
    await workers.close();
    await close();
  });
  const publish = (event: object & { type: string }) =>
    jetstream(nc).publish(eventSubject(event.type), JSON.stringify(event));
  const place = async (orderId: string): Promise<void> => {
    const data = { ...exampleOrder, orderId };
    await publish(newEvent({ type: 'shop.order.placed.v1', source, subject: orderId, data }));
  };
  const orderId = `o-${randomUUID()}`;
  workers.scripts.set(`fulfilOrder:${orderId}`, { capturePayment: hangs });
  await place(orderId);
  const handle = client.workflow.getHandle(`fulfilOrder:${orderId}`);
  await vi.waitFor(async () => expect(await handle.query<SagaView>('view')).toMatchObject({ phase: 'pivot' }), WITHIN);

  for (let n = 0; n < CANCELS; n++) {
    const data = { orderId, reason: 'why' };
    await publish(newEvent({ type: 'shop.order.cancel-requested.v1', source, subject: orderId, data }));
  }
  const other = `o-${randomUUID()}`;
  const begun = Date.now();
  await place(other);
  await vi.waitFor(() => client.workflow.getHandle(`fulfilOrder:${other}`).describe(), WITHIN);
  expect(Date.now() - begun).toBeLessThan(SOON_MS);
  await vi.waitFor(
    async () =>
      expect(await jsm.consumers.info(EVENTS_STREAM, 'amends-triggers')).toMatchObject({ num_ack_pending: 0 }),
    WITHIN,
  );
  await handle.terminate();
}, 60_000);
