import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  jetstream,
  jetstreamManager,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
  type StoredMsg,
} from '@nats-io/jetstream';
import { connect, headers as natsHeaders, type NatsConnection } from '@nats-io/transport-node';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { DEAD_LETTER_STREAM, EVENTS_STREAM, eventSubject } from '../../packages/contracts/src/protocol/streams.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import { npmStaysOutside } from '../../packages/amends/src/local/build/build.ts';
import { ownNats, type OwnNats } from '../../packages/testing/src/servers/own-nats.ts';
import { publishBroken } from '../publish-broken.ts';
import { readStream } from '../../packages/testing/src/reading/read-stream.ts';
import { connectBroker } from '../../packages/events/src/broker/connect-broker.ts';
import { consume, type Consumer, type ConsumeOptions } from '../../packages/events/src/broker/consumer.ts';
import { writeDeadLetter } from '../../packages/events/src/letters/dead-letters.ts';
import { ensureStreams } from '../../packages/events/src/broker/ensure-streams.ts';
import { newEvent } from '../../packages/events/src/edge/new-event.ts';
import { shopEvents } from '../the-shop.ts';

const log = createLog('test', 'silent');
const WITHIN = { timeout: 30_000, interval: 30 };
const CANCEL = 'shop.order.cancel-requested.v1';

let nats: OwnNats;
let nc: NatsConnection;
let js: JetStreamClient;
let jsm: JetStreamManager;
let durable: string;
const open: Consumer[] = [];

beforeAll(async () => {
  nats = await ownNats();
  nc = await connect({ servers: nats.url });
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
  await jsm.streams.purge(DEAD_LETTER_STREAM);
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

type Options = ConsumeOptions<typeof shopEvents, keyof typeof shopEvents>;

const run = async (options: Partial<Options> = {}): Promise<void> => {
  open.push(
    await consume({
      natsUrl: nats.url,
      contracts: shopEvents,
      durable,
      types: 'all',
      log,
      handle: async () => 'taken',
      ...options,
    }),
  );
};

const letters = (): Promise<StoredMsg[]> => readStream(nats.url, DEAD_LETTER_STREAM);

const oneLetter = async (): Promise<StoredMsg> => {
  await vi.waitFor(async () => expect(await letters()).toHaveLength(1), WITHIN);
  const [letter] = await letters();
  if (!letter) throw new Error('no letter');
  return letter;
};

const nothingPends = () =>
  vi.waitFor(
    async () =>
      expect(await jsm.consumers.info(EVENTS_STREAM, durable)).toMatchObject({ num_ack_pending: 0, num_pending: 0 }),
    WITHIN,
  );

const cancelEvent = (data: object, overrides: object = {}) =>
  JSON.stringify({
    specversion: '1.0',
    id: randomUUID(),
    type: CANCEL,
    source: '/test',
    subject: 'o-1',
    datacontenttype: 'application/json',
    ...overrides,
    data,
  });

describe('dead letters', () => {
  it.each([
    ['not-cloudevent', CANCEL, Buffer.from([0x00, 0xff, 0x7b, 0x0d, 0x0a, 0xc3, 0x28]), 'UTF-8'],
    ['not-cloudevent', 'shop.anything', Buffer.from('{"id": '), 'JSON'],
    ['not-cloudevent', CANCEL, Buffer.from(''), 'JSON'],
    ['unknown-type', 'shop.order.exploded.v9', Buffer.from(cancelEvent({}, { type: 'shop.order.exploded.v9' })), 'v9'],
    ['invalid', CANCEL, Buffer.from(` ${cancelEvent({ orderId: 'o/1' })}\n`), 'data.orderId'],
    ['invalid', 'shop.order.placed.v1', Buffer.from(cancelEvent({ orderId: 'o-1', reason: 'why' })), 'published to'],
  ])('E5: %s (%s) is kept byte for byte, with its headers, reason, origin, sequence and time', async (...wanted) => {
    const [reason, type, payload, detail] = wanted;
    const headers = natsHeaders();
    headers.append('X-Shop', 'one');
    headers.append('X-Shop', 'two');
    headers.set('content-type', 'application/cloudevents+json');
    headers.set('Nats-Expected-Stream', EVENTS_STREAM);
    const { seq } = await js.publish(eventSubject(type), payload, { headers, msgID: randomUUID() });
    await run();
    const letter = await oneLetter();
    expect(letter.subject).toBe(`dlq.${reason}.${type}`);
    expect(Buffer.from(letter.data).equals(payload)).toBe(true);
    expect(letter.header.values('X-Shop')).toEqual(['one', 'two']);
    expect(letter.header.get('content-type')).toBe('application/cloudevents+json');
    expect(letter.header.get('Original-Nats-Expected-Stream')).toBe(EVENTS_STREAM);
    expect(letter.header.get('Amends-Dead-Reason')).toBe(reason);
    expect(letter.header.get('Amends-Dead-Detail')).toContain(detail);
    expect(letter.header.get('Amends-Dead-Origin')).toBe(`${EVENTS_STREAM} events.${type} ${durable}`);
    expect(letter.header.get('Amends-Dead-Sequence')).toBe(String(seq));
    expect(Date.parse(letter.header.get('Amends-Dead-Time'))).toBeGreaterThan(Date.now() - 20_000);
    await nothingPends();
  });

  it('E5: what the handler says can never be used goes there with its reason', async () => {
    await js.publish(eventSubject(CANCEL), cancelEvent({ orderId: 'o-1', reason: 'why' }));
    await run({ handle: async () => ({ dead: 'conflict', detail: 'started with\r\nother data' }) });
    const letter = await oneLetter();
    expect(letter.subject).toBe(`dlq.conflict.${CANCEL}`);
    expect(letter.header.get('Amends-Dead-Detail')).toBe('started with other data');
    await nothingPends();
  });

  it('E5: what is too large, or too old, goes there too', async () => {
    const big = cancelEvent({ orderId: 'o-1', reason: 'x'.repeat(300) });
    await js.publish(eventSubject(CANCEL), big);
    await run({ maxEventBytes: 400 });
    expect((await oneLetter()).subject).toBe(`dlq.too-large.${CANCEL}`);
    await nothingPends();
    await jsm.streams.purge(DEAD_LETTER_STREAM);
    await open.pop()?.close();

    await js.publish(eventSubject(CANCEL), cancelEvent({ orderId: 'o-1', reason: 'why' }));
    await sleep(300);
    let handled = false;
    await run({
      maxAgeMs: 200,
      handle: async () => {
        handled = true;
        return 'taken';
      },
    });
    expect((await oneLetter()).subject).toBe(`dlq.too-old.${CANCEL}`);
    expect(handled).toBe(false);
  });

  it('E5: an event that leaves no room for the headers of a dead letter stops nobody: it says where its bytes are', async () => {
    const limit = nc.info?.max_payload ?? 0;
    const { seq } = await js.publish(eventSubject(CANCEL), Buffer.alloc(limit - 64, 'x'));
    await js.publish(eventSubject(CANCEL), cancelEvent({ orderId: 'o-1', reason: 'why' }));
    await run();
    const letter = await oneLetter();
    expect(letter.header.get('Amends-Dead-Body-At')).toBe(`${EVENTS_STREAM} ${seq}`);
    expect(letter.data).toHaveLength(0);
    expect((await jsm.streams.getMessage(EVENTS_STREAM, { seq }))?.data).toHaveLength(limit - 64);
    await nothingPends();
  });

  it('E5: headers that break the grammar stop nobody', async () => {
    await publishBroken(nats.url, eventSubject(CANCEL));
    const fine: string[] = [];
    await js.publish(eventSubject(CANCEL), cancelEvent({ orderId: 'o-fine', reason: 'why' }));
    await run({
      handle: async ({ data }) => {
        if ('orderId' in data) fine.push(data.orderId);
        return 'taken';
      },
    });
    const letter = await oneLetter();
    expect(letter.subject).toBe(`dlq.not-cloudevent.${CANCEL}`);
    expect(letter.string()).toBe('junk');
    await nothingPends();
    expect(fine).toEqual(['o-fine']);
  });

  it('E5: two consumers that find the same event unusable write one letter', async () => {
    await js.publish(eventSubject(CANCEL), cancelEvent({ orderId: 'o-1' }));
    await run();
    const other = `other-${randomUUID()}`;
    await run({ durable: other, types: [CANCEL] });
    await nothingPends();
    await vi.waitFor(
      async () => expect((await jsm.consumers.info(EVENTS_STREAM, other)).ack_floor.consumer_seq).toBe(1),
      WITHIN,
    );
    expect(await letters()).toHaveLength(1);
  });

  it('E5: of two who write the letter of one message at the same time, each with its own origin and detail, one does', async () => {
    const connection = connectBroker(nats.url, log);
    open.push(connection);
    const broker = await connection.use(20_000);
    for (let n = 0; n < AT_ONCE_TRIALS; n++) {
      await jsm.streams.purge(DEAD_LETTER_STREAM);
      const { seq } = await js.publish(eventSubject(CANCEL), cancelEvent({ orderId: 'o-1' }));
      const messages = await Promise.all(['one', 'two'].map((name) => deliveredTo(`${name}-${randomUUID()}`, seq)));
      await Promise.all(
        messages.map((message) =>
          writeDeadLetter(broker, message, { reason: 'invalid', detail: message.info.consumer }),
        ),
      );
      expect(await letters()).toHaveLength(1);
    }
  });

  it('E5: an event that takes its process down 10 times is not tried again; one that was in its company is', async () => {
    const poison = newEvent({
      type: CANCEL,
      source: '/test',
      subject: 'o-poison',
      data: { orderId: 'o-poison', reason: 'why' },
    });
    await js.publish(eventSubject(CANCEL), JSON.stringify(poison));
    await js.publish(eventSubject(CANCEL), cancelEvent({ orderId: 'o-fine', reason: 'why' }));
    const program = await bundled('../crashing-consumer.ts');
    const start = () => spawn(process.execPath, [program, nats.url, durable, '300'], { stdio: 'ignore' });
    expect(await once(start(), 'exit')).toEqual([null, 'SIGKILL']);
    await giveUnanswered(2, 9);
    expect(await once(start(), 'exit')).toEqual([null, 'SIGKILL']);
    expect(await letters()).toHaveLength(0);
    const last = start();
    try {
      const letter = await oneLetter();
      expect(letter.subject).toBe(`dlq.crashing.${CANCEL}`);
      expect(letter.string()).toBe(JSON.stringify(poison));
      await nothingPends();
      expect(await letters()).toHaveLength(1);
    } finally {
      last.kill('SIGKILL');
    }
  }, 60_000);
});

const AT_ONCE_TRIALS = 5;

/** A message, as a consumer of that name has it. */
const deliveredTo = async (name: string, seq: number): Promise<JsMsg> => {
  await jsm.consumers.add(EVENTS_STREAM, {
    durable_name: name,
    ack_policy: 'explicit',
    deliver_policy: 'by_start_sequence',
    opt_start_seq: seq,
  });
  const message = await (await js.consumers.get(EVENTS_STREAM, name)).next({ expires: 5_000 });
  if (!message) throw new Error('nothing comes');
  return message;
};

/**
 * Lets so many events be delivered, each up to its n-th time, to somebody who gives no account of them, as one that goes
 * down: all the broker knows of a crash.
 */
const giveUnanswered = async (events: number, times: number): Promise<void> => {
  const consumer = await js.consumers.get(EVENTS_STREAM, durable);
  for (let done = 0; done < events;) {
    const message = await consumer.next({ expires: 5_000 });
    if (!message) throw new Error('nothing comes');
    if (message.info.deliveryCount < times) message.nak();
    else done += 1;
  }
};

/** One file, so that a process starts in a moment. */
const bundled = async (program: string): Promise<string> => {
  const outfile = fileURLToPath(new URL(`../../node_modules/.cache/amends/${randomUUID()}.mjs`, import.meta.url));
  onTestFinished(() => rm(outfile));
  await build({
    entryPoints: [fileURLToPath(new URL(program, import.meta.url))],
    bundle: true,
    plugins: [npmStaysOutside],
    platform: 'node',
    format: 'esm',
    outfile,
  });
  return outfile;
};
