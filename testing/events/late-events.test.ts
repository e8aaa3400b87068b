import { randomUUID } from 'node:crypto';
import { jetstream, jetstreamManager, type StoredMsg } from '@nats-io/jetstream';
import { connect, headers as natsHeaders, type NatsConnection } from '@nats-io/transport-node';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { exampleOrder } from '../../contracts/orders.ts';
import {
  DEAD_LETTER_STREAM,
  EVENTS_STREAM,
  eventSubject,
  LATE_STREAM,
} from '../../packages/contracts/src/protocol/streams.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import { freshNamespace } from '../namespace.ts';
import { ownNats, type OwnNats } from '../../packages/testing/src/servers/own-nats.ts';
import { readStream } from '../../packages/testing/src/reading/read-stream.ts';
import { connectBroker } from '../../packages/events/src/broker/connect-broker.ts';
import { consumeTriggers } from '../../packages/api/src/triggers/consume-triggers.ts';
import { createDispatcher } from '../../packages/api/src/triggers/dispatcher.ts';
import type { Dispatcher } from '../../packages/events/src/edge/dispatch.ts';
import { ensureStreams } from '../../packages/events/src/broker/ensure-streams.ts';
import { countEvents, type CountEvent } from '../../packages/events/src/edge/event-counts.ts';
import type { KnownEvent } from '../../packages/events/src/edge/known-event.ts';
import { lateToBroker, lateToLog, type TellLate } from '../../packages/events/src/letters/late-events.ts';
import { newEvent } from '../../packages/events/src/edge/new-event.ts';
import { receiveEvents } from '../../packages/events/src/edge/receive-events.ts';
import { shopApi, shopEvents } from '../the-shop.ts';
import { sagaOf } from '../../packages/api/src/triggers/define-triggers.ts';

const log = createLog('test', 'silent');
const WITHIN = { timeout: 20_000, interval: 50 };
const CANCEL = 'shop.order.cancel-requested.v1';
const structured = { 'content-type': 'application/cloudevents+json' };
const batch = { 'content-type': 'application/cloudevents-batch+json' };

let temporal: Awaited<ReturnType<typeof freshNamespace>>;
let dispatcher: Dispatcher;
let nats: OwnNats;
let nc: NatsConnection;
let metrics: Registry;
let count: CountEvent;
const open: { close: () => Promise<void> }[] = [];

beforeAll(async () => {
  [temporal, nats] = await Promise.all([freshNamespace(), ownNats()]);
  dispatcher = createDispatcher({ triggers: shopApi.triggers, temporal: temporal.client, times: { entries: {} }, log });
  nc = await connect({ servers: nats.url });
  await ensureStreams(await jetstreamManager(nc));
});
afterAll(async () => {
  await nc?.close();
  await nats?.remove();
  await temporal?.close();
});
beforeEach(async () => {
  metrics = new Registry();
  count = countEvents(metrics, { contracts: shopEvents, late: shopApi.triggers.late });
  // a test before may have killed the broker: its connection comes back by itself
  await vi.waitFor(async () => {
    const jsm = await jetstreamManager(nc);
    await jsm.streams.purge(EVENTS_STREAM);
    await jsm.streams.purge(LATE_STREAM);
  }, WITHIN);
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** A saga that has been killed: whatever comes now is late. */
const closedOrder = async (): Promise<string> => {
  const data = { ...exampleOrder, orderId: `o-${randomUUID()}` };
  const placed: KnownEvent = { type: 'shop.order.placed.v1', id: 'e', source: '/test', subject: null, data };
  await dispatcher.dispatch(placed);
  await temporal.client.workflow.getHandle(`fulfilOrder:${data.orderId}`).terminate('a test');
  return data.orderId;
};
/** Data of a cancel that is good but for its depth, and the event with it. */
const deep = (orderId: string): string =>
  `{"orderId":"${orderId}","reason":"why","note":${'['.repeat(7_000)}${']'.repeat(7_000)}}`;
const deepCancel = (data: string, member = 'data'): string =>
  `{"specversion":"1.0","id":"deep","source":"/test","type":"${CANCEL}","${member}":${data}}`;
const cancelOf = (orderId: string) =>
  newEvent({ type: CANCEL, source: '/test', subject: orderId, data: { orderId, reason: 'why' } });
const lineOf = sagaOf(shopApi.triggers);
const late = (): Promise<StoredMsg[]> => readStream(nats.url, LATE_STREAM);
const counted = async (outcome: string, type: string = CANCEL): Promise<number | undefined> => {
  const [metric] = await metrics.getMetricsAsJSON();
  return metric?.values.find(({ labels }) => labels['outcome'] === outcome && labels['type'] === type)?.value;
};
const consumed = async (maxEventBytes = 1_048_576): Promise<void> => {
  open.push(await consumeTriggers({ contracts: shopEvents, natsUrl: nats.url, dispatcher, count, maxEventBytes, log }));
};
const toBroker = (): TellLate => {
  const connection = connectBroker(nats.url, log);
  open.push(connection);
  return lateToBroker(connection);
};
const receive = ({ headers, body }: { headers: Readonly<Record<string, string>>; body: string }, tellLate: TellLate) =>
  receiveEvents(dispatcher, { headers, body: Buffer.from(body) }, { contracts: shopEvents, lineOf, tellLate, count });
const post = (event: object, tellLate: TellLate) =>
  receive({ headers: structured, body: JSON.stringify(event) }, tellLate);

describe('an event that comes too late for its saga', () => {
  it('E4: from the broker, is kept byte for byte with its headers, its saga and why, and acknowledged', async () => {
    const orderId = await closedOrder();
    const body = ` ${JSON.stringify({ ...cancelOf(orderId), extra: 'kept' })}\n`;
    const headers = natsHeaders();
    headers.set('content-type', structured['content-type']);
    headers.append('X-Shop', 'one');
    headers.append('X-Shop', 'two');
    headers.set('Nats-Expected-Stream', EVENTS_STREAM);
    await jetstream(nc).publish(eventSubject(CANCEL), body, { headers });
    await consumed();
    await vi.waitFor(async () => expect(await late()).toHaveLength(1), WITHIN);
    const [message] = await late();
    expect(message?.subject).toBe(`amends.late.${CANCEL}`);
    expect(message?.string()).toBe(body);
    expect(message?.header.get('Amends-Late-Saga')).toBe(`fulfilOrder:${orderId}`);
    expect(message?.header.get('Amends-Late-Why')).toBe('closed');
    expect(Date.parse(message?.header.get('Amends-Late-Time') ?? '')).toBeGreaterThan(Date.now() - 60_000);
    expect(message?.header.values('X-Shop')).toEqual(['one', 'two']);
    const jsm = await jetstreamManager(nc);
    await vi.waitFor(
      async () =>
        expect(await jsm.consumers.info(EVENTS_STREAM, 'amends-triggers')).toMatchObject({
          num_pending: 0,
          num_ack_pending: 0,
        }),
      WITHIN,
    );
    expect(await counted('late')).toBe(1);
  });

  it('E4: over HTTP, is kept as it was sent, whatever its id holds; sent again it is kept once', async () => {
    const orderId = await closedOrder();
    const event = { ...cancelOf(orderId), id: 'an id" #1 \u{1F600}', extra: 'kept' };
    const tellLate = toBroker();
    for (let n = 0; n < 2; n++) {
      const { problem, taken } = await post(event, tellLate);
      expect(problem).toBeNull();
      expect(taken).toMatchObject({ late: 1, results: [{ outcome: 'late', problem: null }] });
    }
    const kept = await late();
    expect(kept).toHaveLength(1);
    expect(kept[0]?.json()).toEqual(event);
    expect(kept[0]?.subject).toBe(`amends.late.${CANCEL}`);
    expect(kept[0]?.header.get('Amends-Late-Saga')).toBe(`fulfilOrder:${orderId}`);
    expect(await counted('late')).toBe(2);
  });

  it.each([
    ['structured', (text: string) => ({ headers: structured, body: text })],
    ['batch', (text: string) => ({ headers: batch, body: ` [ ${text} ] ` })],
  ])(
    'E1 E4: over HTTP, in %s mode, is kept to the letter: offset, microseconds, numbers, spelling',
    async (_, sent) => {
      const data = `{ "orderId": "${await closedOrder()}", "reason": "why", "big": 12345678901234567890, "price": 1.00 }`;
      const text = `{"specversion":"1.0","id":"late-${randomUUID()}","source":"/shop","type":"${CANCEL}","time":"2026-01-31T10:26:00.123456+02:00","partition":7,"flag":true,"data":${data}}`;
      const { headers, body } = sent(text);
      expect((await receive({ headers, body }, toBroker())).taken).toMatchObject({ late: 1 });
      expect((await late()).map((message) => message.string())).toEqual([text]);
    },
  );

  it('E1 E4: over HTTP, in binary mode, is kept with its attributes and data as they came, and no time that nobody gave', async () => {
    const data = `{ "orderId": "${await closedOrder()}", "reason": "why", "big": 12345678901234567890 }`;
    const ce = { specversion: '1.0', id: randomUUID(), source: '/shop', type: CANCEL, note: 'a "word" — or two' };
    const headers = {
      'content-type': 'application/vnd.shop+json; charset=utf-8',
      ...Object.fromEntries(Object.entries(ce).map(([name, value]) => [`ce-${name}`, value])),
      'ce-note': 'a%20%22word%22%20%E2%80%94%20or%20two',
    };
    expect((await receive({ headers, body: data }, toBroker())).taken).toMatchObject({ late: 1 });
    const [kept] = await late();
    expect(kept?.json()).toEqual({
      ...ce,
      datacontenttype: headers['content-type'],
      data: JSON.parse(data) as unknown,
    });
    expect(kept?.string()).toContain(data);
  });

  it('E4: that the broker does not take is not acknowledged: it is unavailable over HTTP, and taken once the broker is back', async () => {
    const event = cancelOf(await closedOrder());
    const tellLate = toBroker();
    await post(event, tellLate);
    await (await jetstreamManager(nc)).streams.purge(LATE_STREAM);
    const another = cancelOf(await closedOrder());
    await nats.kill();
    const { problem, taken } = await post(another, tellLate);
    expect(problem).toMatchObject({ type: 'urn:amends:unavailable', status: 503 });
    expect(taken).toMatchObject({ late: 0, results: [{ outcome: 'unavailable' }] });
    expect(await counted('unavailable')).toBe(1);
    await nats.restart();
    await vi.waitFor(async () => expect((await post(another, tellLate)).problem).toBeNull(), WITHIN);
    expect((await late()).map((message) => message.json<{ id: string }>().id)).toEqual([another['id']]);
  }, 60_000);

  it('E4: from the broker, is put off until the late ones can be written, and then kept once', async () => {
    const jsm = await jetstreamManager(nc);
    const { config } = await jsm.streams.info(LATE_STREAM);
    await jsm.streams.update(LATE_STREAM, { ...config, max_bytes: 1 });
    const orderId = await closedOrder();
    await jetstream(nc).publish(eventSubject(CANCEL), JSON.stringify(cancelOf(orderId)));
    await consumed();
    await vi.waitFor(async () => expect(await counted('unavailable')).toBeGreaterThan(0), WITHIN);
    expect(await jsm.consumers.info(EVENTS_STREAM, 'amends-triggers')).toMatchObject({ num_ack_pending: 1 });
    await jsm.streams.update(LATE_STREAM, { ...config, max_bytes: -1 });
    await vi.waitFor(async () => expect(await late()).toHaveLength(1), WITHIN);
    await vi.waitFor(async () => expect(await counted('late')).toBe(1), WITHIN);
  }, 60_000);

  it('E4: that leaves no room for its headers is kept without its body, and says where that is', async () => {
    const max = nc.info?.max_payload ?? 0;
    const large = (orderId: string, bytes: number) => {
      const event = cancelOf(orderId);
      const of = (padding: string) => ({ ...event, data: { orderId, reason: 'why', padding } });
      return of('x'.repeat(bytes - JSON.stringify(of('')).length));
    };
    expect((await post(large(await closedOrder(), max), toBroker())).taken).toMatchObject({ late: 1 });
    const { seq } = await jetstream(nc).publish(
      eventSubject(CANCEL),
      JSON.stringify(large(await closedOrder(), max - 100)),
    );
    await consumed(max);
    await vi.waitFor(async () => expect(await late()).toHaveLength(2), WITHIN);
    const kept = (await late()).map(({ data, header }) => [data.length, header.get('Amends-Late-Body-At')]);
    expect(kept).toEqual([
      [0, expect.stringMatching(/^nowhere: \d+ bytes/)],
      [0, `${EVENTS_STREAM} ${seq}`],
    ]);
  });

  it.each([
    ['structured mode', structured, (data: string) => deepCancel(data)],
    ['a batch', batch, (data: string) => `[${deepCancel(data)}]`],
    ['base64', structured, (data: string) => deepCancel(`"${Buffer.from(data).toString('base64')}"`, 'data_base64')],
  ])('E4 E5: over HTTP, in %s, and 7,000 levels deep, is refused for good', async (_, headers, body) => {
    const { problem, taken } = await receive({ headers, body: body(deep(await closedOrder())) }, toBroker());
    expect(problem).toMatchObject({ status: 422, type: 'urn:amends:invalid' });
    expect(taken).toMatchObject({ late: 0, results: [{ outcome: 'invalid', id: 'deep' }] });
    expect(await late()).toEqual([]);
  });

  it('E4 E5: from the broker, and 7,000 levels deep, goes to the dead letters', async () => {
    await jetstream(nc).publish(eventSubject(CANCEL), deepCancel(deep(await closedOrder())));
    await consumed();
    await vi.waitFor(async () => expect(await counted('invalid')).toBe(1), WITHIN);
    const [letter] = (await readStream(nats.url, DEAD_LETTER_STREAM)).slice(-1);
    expect(letter?.subject).toBe(`dlq.invalid.${CANCEL}`);
    expect(letter?.header.get('Amends-Dead-Detail')).toContain('levels deep');
    expect(await late()).toEqual([]);
  });

  it('E4 E8: without a broker is a line of the log, with its saga, why, and all that it says', async () => {
    const orderId = await closedOrder();
    const event = { ...cancelOf(orderId), extra: 'kept' };
    const lines: object[] = [];
    const warn = (line: object): void => void lines.push(line);
    expect((await post(event, lateToLog({ ...log, warn } as never))).taken).toMatchObject({ late: 1 });
    expect(lines).toEqual([{ saga: `fulfilOrder:${orderId}`, why: 'closed', event: JSON.stringify(event) }]);
  });
});

describe('events are counted', () => {
  it('by what became of them and by their type; what is of no known type is one figure; late ones begin at 0', async () => {
    expect([await counted('late'), await counted('late', 'shop.return.received.v1')]).toEqual([0, 0]);
    const orderId = `o-${randomUUID()}`;
    const data = { ...exampleOrder, orderId };
    const event = newEvent({ type: 'shop.order.placed.v1', source: '/test', subject: orderId, data });
    const tellLate = toBroker();
    await post(event, tellLate);
    await post(event, tellLate);
    await post({ ...event, data: {} }, tellLate);
    await post({ ...event, type: 'made.up.by.a.sender' }, tellLate);
    const placed = 'shop.order.placed.v1';
    expect([await counted('accepted', placed), await counted('duplicate', placed)]).toEqual([1, 1]);
    expect([await counted('invalid', placed), await counted('invalid', 'other')]).toEqual([1, 1]);
    expect(await metrics.metrics()).toContain('amends_events_total{outcome="accepted",type="shop.order.placed.v1"} 1');
  });

  it('those of the broker too, with what goes to the dead letters', async () => {
    await jetstream(nc).publish(eventSubject(CANCEL), 'nonsense');
    await jetstream(nc).publish(eventSubject(CANCEL), JSON.stringify(cancelOf(`o-${randomUUID()}`)));
    await consumed();
    await vi.waitFor(async () => expect([await counted('invalid'), await counted('accepted')]).toEqual([1, 1]), WITHIN);
  });
});
