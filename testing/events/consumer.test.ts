import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import { connect, headers as natsHeaders, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { EVENTS_STREAM, eventSubject } from '../../packages/contracts/src/protocol/streams.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import { ownNats, type OwnNats } from '../../packages/testing/src/servers/own-nats.ts';
import { shopEvents } from '../the-shop.ts';
import { consume, type Consumer, type ConsumeOptions } from '../../packages/events/src/broker/consumer.ts';
import { ensureStreams } from '../../packages/events/src/broker/ensure-streams.ts';
import type { KnownEvent } from '../../packages/events/src/edge/known-event.ts';
import { newEvent } from '../../packages/events/src/edge/new-event.ts';
import { writeNatsEvent } from '../../packages/events/src/broker/nats-binding.ts';

const log = createLog('test', 'silent');
const WITHIN = { timeout: 20_000, interval: 20 };
const CANCEL = 'shop.order.cancel-requested.v1';

let nats: OwnNats;
let nc: NatsConnection;
let js: JetStreamClient;
let jsm: JetStreamManager;
let durable: string;
const open: Consumer[] = [];

beforeAll(async () => {
  nats = await ownNats();
  nc = await connect({ servers: nats.url, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  js = jetstream(nc);
  jsm = await jetstreamManager(nc);
  await ensureStreams(jsm);
});
afterAll(async () => {
  await nc.close();
  await nats.remove();
});

beforeEach(async () => {
  durable = `test-${randomUUID()}`;
  await jsm.streams.purge(EVENTS_STREAM);
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
  await jsm.consumers.delete(EVENTS_STREAM, durable);
});

type Options = ConsumeOptions<typeof shopEvents, keyof typeof shopEvents>;

const run = async (options: Partial<Options> & Pick<Options, 'handle'>) => {
  const consumer = await consume({ natsUrl: nats.url, contracts: shopEvents, durable, types: 'all', log, ...options });
  open.push(consumer);
  return consumer;
};

const cancelEvent = (orderId: string) =>
  newEvent({ type: CANCEL, source: '/test', subject: orderId, data: { orderId, reason: 'why' } });

const send = async (orderId: string): Promise<void> => {
  const { subject, headers, payload, msgID } = writeNatsEvent(cancelEvent(orderId));
  await js.publish(subject, payload, { headers, msgID });
};

const orderOf = ({ data }: KnownEvent): string => (data as { orderId?: string }).orderId ?? '';
const consumerInfo = () => jsm.consumers.info(EVENTS_STREAM, durable);

describe('the consumer', () => {
  it('E1: takes structured events and those with ce- headers', async () => {
    const seen: KnownEvent[] = [];
    await run({
      handle: async (event) => {
        seen.push(event);
        return 'taken';
      },
    });
    await send('o-structured');
    const headers = natsHeaders();
    const attributes = { specversion: '1.0', id: 'e-1', type: CANCEL, source: '/test', subject: 'o-binary' };
    for (const [name, value] of Object.entries(attributes)) headers.set(`ce-${name}`, value);
    headers.set('ce-datacontenttype', 'application/json');
    await js.publish(eventSubject(CANCEL), JSON.stringify({ orderId: 'o-binary', reason: 'why' }), { headers });
    const bare = JSON.stringify(cancelEvent('o-bare'));
    await js.publish(eventSubject(CANCEL), bare);
    await vi.waitFor(() => expect(seen).toHaveLength(3), WITHIN);
    expect(seen.map(({ subject, data }) => ({ subject, data }))).toEqual(
      ['o-structured', 'o-binary', 'o-bare'].map((orderId) => ({ subject: orderId, data: { orderId, reason: 'why' } })),
    );
  });

  it('E2: an event is acknowledged only once it is taken, and comes again after 1 s, then 2 s', async () => {
    const times: number[] = [];
    let may = false;
    await run({
      handle: async () => {
        times.push(Date.now());
        if (!may) throw new Error('not now');
        return 'taken';
      },
    });
    await send('o-1');
    await vi.waitFor(() => expect(times).toHaveLength(2), WITHIN);
    expect(await consumerInfo()).toMatchObject({ ack_floor: { consumer_seq: 0 }, num_ack_pending: 1 });
    may = true;
    await vi.waitFor(async () => expect(await consumerInfo()).toMatchObject({ num_ack_pending: 0 }), WITHIN);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(gaps).toHaveLength(2);
    expect(gaps[0]).toBeGreaterThanOrEqual(990);
    expect(gaps[0]).toBeLessThan(1_900);
    expect(gaps[1]).toBeGreaterThanOrEqual(1_990);
    expect(gaps[1]).toBeLessThan(3_900);
  });

  it('E2: the broker drops nothing after any number of deliveries, and putting off is no crash', async () => {
    let deliveries = 0;
    await run({
      backOffMs: () => 5,
      handle: async () => {
        deliveries += 1;
        if (deliveries <= 25) throw new Error('Temporal is away');
        return 'taken';
      },
    });
    expect((await vi.waitFor(consumerInfo, WITHIN)).config.max_deliver).toBe(-1);
    await send('o-1');
    await vi.waitFor(() => expect(deliveries).toBe(26), WITHIN);
    await vi.waitFor(async () => expect(await consumerInfo()).toMatchObject({ num_ack_pending: 0 }), WITHIN);
    expect((await jsm.streams.info('AMENDS_DLQ', { subjects_filter: 'dlq.crashing.>' })).state.subjects ?? {}).toEqual(
      {},
    );
  });

  it('E5: events that cannot be handled now, or take long, hold nobody up', async () => {
    const seen = new Set<string>();
    const held = new AbortController();
    const release = new Promise((resolve) => held.signal.addEventListener('abort', resolve));
    await run({
      maxInFlight: 8,
      handle: async (event) => {
        const order = orderOf(event);
        if (order.startsWith('failing')) throw new Error('not now');
        if (order.startsWith('slow')) await release;
        seen.add(order);
        return 'taken';
      },
    });
    for (let n = 0; n < 30; n += 1) {
      await send(`failing-${n}`);
      await js.publish(eventSubject('shop.nonsense.v1'), 'nonsense');
      if (n < 7) await send(`slow-${n}`);
      await send(`fine-${n}`);
    }
    await vi.waitFor(() => expect(seen.size).toBe(30), WITHIN);
    held.abort();
  });

  it('E2: a handler that takes longer than the broker waits keeps its event', async () => {
    let calls = 0;
    await run({
      ackWaitMs: 600,
      handle: async () => {
        calls += 1;
        await sleep(2_500);
        return 'taken';
      },
    });
    await send('o-1');
    await vi.waitFor(() => expect(calls).toBe(1), WITHIN);
    await vi.waitFor(async () => expect(await consumerInfo()).toMatchObject({ num_ack_pending: 0 }), WITHIN);
    expect(calls).toBe(1);
  });

  it('E2: no more are in flight than allowed, and a process asks for no event that it cannot work on at once', async () => {
    let now = 0;
    let most = 0;
    let done = 0;
    await run({
      maxInFlight: 5,
      handle: async () => {
        most = Math.max(most, ++now);
        await sleep(10);
        now -= 1;
        done += 1;
        return 'taken';
      },
    });
    await Promise.all(Array.from({ length: 150 }, (_, n) => send(`o-${n}`)));
    let mostPending = 0;
    await vi.waitFor(async () => {
      mostPending = Math.max(mostPending, (await consumerInfo()).num_ack_pending);
      expect(done).toBe(150);
    }, WITHIN);
    expect(most).toBe(5);
    expect(mostPending).toBeLessThanOrEqual(6);
  });

  it('E1: processes of one durable share the events', async () => {
    const seen: string[][] = [[], []];
    for (const mine of seen) {
      await run({
        maxInFlight: 4,
        handle: async (event) => {
          mine.push(orderOf(event));
          await sleep(5);
          return 'taken';
        },
      });
    }
    await Promise.all(Array.from({ length: 100 }, (_, n) => send(`o-${n}`)));
    await vi.waitFor(() => expect(seen.flat()).toHaveLength(100), WITHIN);
    expect(new Set(seen.flat()).size).toBe(100);
    expect(seen.map(({ length }) => length > 10)).toEqual([true, true]);
  });

  it('E1: a consumer of some types sees those alone', async () => {
    const seen: string[] = [];
    await run({
      types: ['fulfilOrder.completed.v1'],
      handle: async ({ type }) => {
        seen.push(type);
        return 'taken';
      },
    });
    await send('o-1');
    const data = {
      sagaId: 'fulfilOrder:o-1',
      saga: 'fulfilOrder',
      key: 'o-1',
      status: 'completed' as const,
      result: { trackingNumber: 't-1' },
      cause: null,
      at: '2026-01-31T08:26:00.000Z',
    };
    const completed = newEvent({ type: 'fulfilOrder.completed.v1', source: '/amends/sagas', subject: 'o-1', data });
    const { subject, headers, payload } = writeNatsEvent(completed);
    await js.publish(subject, payload, { headers });
    await vi.waitFor(() => expect(seen).toEqual(['fulfilOrder.completed.v1']), WITHIN);
    expect((await consumerInfo()).num_pending).toBe(0);
  });

  it('E2: a broker killed and started again in the middle loses no event', async () => {
    const taken: string[] = [];
    await run({
      maxInFlight: 4,
      ackWaitMs: 2_000,
      handle: async (event) => {
        await sleep(20);
        taken.push(orderOf(event));
        return 'taken';
      },
    });
    const orders = Array.from({ length: 120 }, (_, n) => `o-${n}`);
    await Promise.all(orders.map(send));
    await vi.waitFor(() => expect(taken.length).toBeGreaterThan(20), WITHIN);
    await nats.kill();
    await sleep(300);
    await nats.restart();
    await vi.waitFor(() => expect(new Set(taken)).toEqual(new Set(orders)), WITHIN);
    await vi.waitFor(
      async () => expect(await consumerInfo()).toMatchObject({ num_ack_pending: 0, num_pending: 0 }),
      WITHIN,
    );
    expect(taken.length).toBeLessThan(orders.length + 20);
  });

  it('E2: closing waits for the handlers in flight, and leaves the rest to others at once', async () => {
    const taken: string[] = [];
    let begun = 0;
    const first = await run({
      maxInFlight: 2,
      handle: async (event) => {
        await sleep(++begun * 250);
        taken.push(orderOf(event));
        return 'taken';
      },
    });
    await Promise.all(['o-1', 'o-2', 'o-3', 'o-4'].map(send));
    await vi.waitFor(() => expect(begun).toBe(2), WITHIN);
    await first.close();
    expect(taken).toHaveLength(2);
    expect(await consumerInfo()).toMatchObject({ num_ack_pending: 0, num_pending: 2 });
  });
});
