import { randomUUID } from 'node:crypto';
import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Client, Connection } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { exampleOrder, type Order } from '../../contracts/orders.ts';
import { DEAD_LETTER_STREAM, EVENTS_STREAM, eventSubject } from '../../packages/contracts/src/protocol/streams.ts';
import { freePorts } from '../../packages/amends/src/local/ports/free-ports.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import { freshNamespace } from '../namespace.ts';
import { ownNats, type OwnNats } from '../../packages/testing/src/servers/own-nats.ts';
import { readStream } from '../../packages/testing/src/reading/read-stream.ts';
import { startScriptedWorkers } from '../scripted-services.ts';
import { serverFolder, startTestTemporal } from '../../packages/testing/src/servers/servers.ts';
import { consumeTriggers } from '../../packages/api/src/triggers/consume-triggers.ts';
import type { Consumer } from '../../packages/events/src/broker/consumer.ts';
import { createDispatcher } from '../../packages/api/src/triggers/dispatcher.ts';
import type { Dispatcher } from '../../packages/events/src/edge/dispatch.ts';
import { ensureStreams } from '../../packages/events/src/broker/ensure-streams.ts';
import type { KnownEvent } from '../../packages/events/src/edge/known-event.ts';
import { newEvent } from '../../packages/events/src/edge/new-event.ts';
import { shopApi, shopEvents, shopTemporal } from '../the-shop.ts';

const log = createLog('test', 'silent');
const times = { entries: {} };
const WITHIN = { timeout: 20_000, interval: 50 };
const PLACED = 'shop.order.placed.v1';
const CANCEL = 'shop.order.cancel-requested.v1';

let temporal: Awaited<ReturnType<typeof freshNamespace>>;
let nats: OwnNats;
let nc: NatsConnection;
let js: JetStreamClient;
let jsm: JetStreamManager;
let dispatcher: Dispatcher;
const open: Consumer[] = [];

beforeAll(async () => {
  [temporal, nats] = await Promise.all([freshNamespace(), ownNats()]);
  dispatcher = createDispatcher({ triggers: shopApi.triggers, temporal: temporal.client, times, log });
  nc = await connect({ servers: nats.url });
  js = jetstream(nc);
  jsm = await jetstreamManager(nc);
  await ensureStreams(jsm);
});
afterAll(async () => {
  await nc.close();
  await nats.remove();
  await temporal.close();
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const newOrder = (): Order => ({ ...exampleOrder, orderId: `o-${randomUUID()}` });
const placed = (data: Order): KnownEvent => ({ type: PLACED, id: randomUUID(), source: '/test', subject: null, data });
const cancelOf = (orderId: string): KnownEvent => ({
  type: CANCEL,
  id: randomUUID(),
  source: '/test',
  subject: orderId,
  data: { orderId, reason: 'why' },
});

const send = async (event: KnownEvent): Promise<void> => {
  const { id, source, type, data } = event;
  const written = newEvent({ id, source, type, data, subject: event.subject ?? 'none' });
  await js.publish(eventSubject(type), JSON.stringify(written));
};

const consumed = async (by: Dispatcher = dispatcher): Promise<void> => {
  open.push(
    await consumeTriggers({
      contracts: shopEvents,
      natsUrl: nats.url,
      dispatcher: by,
      count: () => {},
      maxEventBytes: 1_048_576,
      log,
    }),
  );
};

const consumerInfo = () => jsm.consumers.info(EVENTS_STREAM, 'amends-triggers');
const allTaken = () =>
  vi.waitFor(async () => expect(await consumerInfo()).toMatchObject({ num_pending: 0, num_ack_pending: 0 }), WITHIN);

const startedBy = async (orderId: string) => {
  const { status, memo } = await temporal.client.workflow.getHandle(`fulfilOrder:${orderId}`).describe();
  return { status: status.name, fingerprint: memo?.['fingerprint'] };
};

it.each(['o~2', 'x'.repeat(121)])(
  'E5: an event whose key no caller may give is invalid, and touches no saga: %s',
  async (orderId) => {
    const data = { ...exampleOrder, orderId };
    const cancelled = { orderId, reason: 'why' };
    for (const event of [
      { type: 'shop.order.placed.v1', data },
      { type: 'shop.order.cancel-requested.v1', data: cancelled },
      { type: 'shop.return.received.v1', data: { orderId, lines: [{ sku: 'mug', quantity: 1 }], condition: 'as-new' } },
    ]) {
      const known = { ...event, id: 'e', source: '/test', subject: null } as KnownEvent;
      expect(await dispatcher.dispatch(known)).toMatchObject({
        outcome: 'invalid',
        problem: { status: 422, errors: [{ path: 'key' }] },
      });
    }
  },
);

describe('the dispatcher', () => {
  it('E3: of one event thirty times at once, one starts its saga and the others are told', async () => {
    const event = placed(newOrder());
    const outcomes = await Promise.all(Array.from({ length: 30 }, () => dispatcher.dispatch(event)));
    const counted = outcomes.map(({ outcome }) => outcome).sort();
    expect(counted).toEqual(['accepted', ...Array.from({ length: 29 }, () => 'duplicate')]);
  });

  it('E3: the same key with other data is a conflict, and the saga stays as it was', async () => {
    const order = newOrder();
    await dispatcher.dispatch(placed(order));
    const before = await startedBy(order.orderId);
    expect(await dispatcher.dispatch(placed({ ...order, paymentToken: 'tok_other' }))).toMatchObject({
      outcome: 'conflict',
      problem: { type: 'urn:amends:conflict', status: 409 },
    });
    expect(await startedBy(order.orderId)).toEqual(before);
    expect(before.status).toBe('RUNNING');
  });

  it('E2: while Temporal is away an event is unavailable, within seconds, never an error', async () => {
    const [port] = await freePorts(1);
    // never closed: the SDK retries past our deadline, and on a closed connection its retry throws where nobody can catch
    const connection = Connection.lazy({ address: `127.0.0.1:${port}` });
    const away = createDispatcher({
      triggers: shopApi.triggers,
      temporal: shopTemporal(new Client({ connection })),
      times,
      log,
    });
    const from = performance.now();
    expect(await away.dispatch(placed(newOrder()))).toMatchObject({
      outcome: 'unavailable',
      problem: { type: 'urn:amends:unavailable', status: 503 },
    });
    expect(performance.now() - from).toBeLessThan(8_000);
  });
});

describe('events of the broker', () => {
  it('E3: an event that the broker has five times starts one saga, and every copy is taken', async () => {
    const order = newOrder();
    const event = placed(order);
    for (let n = 0; n < 4; n += 1) await send(event);
    await send(placed(order));
    await consumed();
    await allTaken();
    expect(await startedBy(order.orderId)).toMatchObject({ status: 'RUNNING' });
    expect(await readStream(nats.url, DEAD_LETTER_STREAM)).toHaveLength(0);
  });

  it('E3: a conflict goes to the dead letters as it came', async () => {
    const order = newOrder();
    await dispatcher.dispatch(placed(order));
    const other = placed({ ...order, customerId: 'somebody-else' });
    await send(other);
    await consumed();
    await allTaken();
    const [letter] = await readStream(nats.url, DEAD_LETTER_STREAM);
    expect(letter?.subject).toBe(`dlq.conflict.${PLACED}`);
    expect(letter?.json()).toMatchObject({ id: other.id, data: other.data });
    expect(letter?.header.get('Amends-Dead-Detail')).toContain(`fulfilOrder:${order.orderId}`);
  });

  it('E2: an event is acknowledged only when Temporal has it, however long Temporal is away', async () => {
    const { folder, remove } = await serverFolder();
    onTestFinished(remove);
    const [port = 0] = await freePorts(1);
    const connection = Connection.lazy({ address: `127.0.0.1:${port}` });
    onTestFinished(() => connection.close());
    const client = shopTemporal(new Client({ connection }));
    const order = newOrder();
    await send(placed(order));
    await consumed(createDispatcher({ triggers: shopApi.triggers, temporal: client, times, log }));
    await vi.waitFor(async () => expect((await consumerInfo()).num_redelivered).toBe(1), WITHIN);
    expect(await consumerInfo()).toMatchObject({ num_ack_pending: 1 });

    const server = await startTestTemporal(folder, () => {}, port);
    onTestFinished(() => server.child.stop());
    await allTaken();
    expect((await client.workflow.getHandle(`fulfilOrder:${order.orderId}`).describe()).status.name).toBe('RUNNING');
    expect(await readStream(nats.url, DEAD_LETTER_STREAM)).toHaveLength(1); // the conflict of the test before
  }, 90_000);

  it('E4: a cancel that overtakes its order is taken at once, and the order starts cancelled', async () => {
    const workers = await startScriptedWorkers(temporal.client, temporal.address);
    onTestFinished(() => workers.close());
    const order = newOrder();
    const id = `fulfilOrder:${order.orderId}`;
    await send(cancelOf(order.orderId));
    await consumed();
    await allTaken();
    expect((await startedBy(order.orderId)).status).toBe('RUNNING');
    await send(placed(order));
    await allTaken();
    await expect(temporal.client.workflow.getHandle(id).result()).rejects.toThrow(/cancel/i);
    expect((await startedBy(order.orderId)).status).toBe('CANCELLED');
  }, 60_000);
});
