import { randomUUID } from 'node:crypto';
import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  DEAD_LETTER_STREAM,
  EVENTS_STREAM,
  eventSubject,
  LATE_STREAM,
} from '../../../contracts/src/protocol/streams.ts';
import { orderEvents } from '../../../testing/fixtures/order-events.ts';
import { createLog } from '../../../runtime/src/log.ts';
import { createPool } from '../../../participant/src/database/postgres.ts';
import { freshDatabase, type FreshDatabase } from '../../../testing/src/servers/database.ts';
import { ownNats, type OwnNats } from '../../../testing/src/servers/own-nats.ts';
import { readStream } from '../../../testing/src/reading/read-stream.ts';
import { connectBroker } from './connect-broker.ts';
import { consume } from './consumer.ts';
import { openDeadLetterDesk } from '../letters/dead-letter-desk.ts';
import { DELIVERIES_STREAM } from './delivery-record.ts';
import type { KnownEvent } from '../edge/known-event.ts';
import { newEvent } from '../edge/new-event.ts';
import { openOutlet } from '../targets/outlet.ts';
import { enqueue, migrateOutbox, outboxBacklog, startRelay } from '../outbox/index.ts';
import { TOLD_STREAM } from './told.ts';
import type { Verdict } from './verdict.ts';

const log = createLog('test', 'silent');
const WITHIN = { timeout: 30_000, interval: 50 };
const CANCEL = 'test.order.cancel-requested.v1';
const DURABLE = 'taken-away';

let nats: OwnNats;
let nc: NatsConnection;
let js: JetStreamClient;
let jsm: JetStreamManager;
let database: FreshDatabase;
let pool: Pool;
const open: { close: () => Promise<void> }[] = [];

beforeAll(async () => {
  nats = await ownNats();
  nc = await connect({ servers: nats.url });
  js = jetstream(nc);
  jsm = await jetstreamManager(nc);
});
afterAll(async () => {
  await nc.close();
  await nats.remove();
});
beforeEach(async () => {
  database = await freshDatabase();
  pool = createPool(database.url, log);
  await migrateOutbox(pool);
  for await (const { config } of jsm.streams.list()) await jsm.streams.delete(config.name);
});
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
  await pool.end();
  await database.drop();
});

const relayed = async (): Promise<void> => {
  const outlet = await openOutlet({ natsUrl: nats.url }, log);
  open.push(outlet, startRelay({ pool, targets: outlet.targets, log }));
};
const place = (orderId: string): Promise<void> =>
  drizzle(pool).transaction((tx) =>
    enqueue(tx, orderEvents, {
      type: CANCEL,
      source: '/test',
      subject: orderId,
      data: { orderId, reason: 'why' },
      id: orderId,
    }),
  );
const allSent = () => vi.waitFor(async () => expect((await outboxBacklog(pool)).count).toBe(0), WITHIN);
const orderOf = ({ data }: KnownEvent): string => (data as { orderId: string }).orderId;
const ids = async (): Promise<string[]> =>
  (await readStream(nats.url, EVENTS_STREAM)).map((message) => message.json<{ id: string }>().id);

/** A consumer whose handler notes what it is given. */
const consumed = async (answer: (event: KnownEvent) => Verdict = () => 'taken') => {
  const seen: string[] = [];
  const dead: string[] = [];
  const consumer = await consume({
    natsUrl: nats.url,
    contracts: orderEvents,
    durable: DURABLE,
    types: 'all',
    log,
    handle: async (event, _, keepLate) => {
      seen.push(orderOf(event));
      if (orderOf(event).startsWith('late')) await keepLate({ saga: 'fulfilOrder:o', why: 'closed' });
      return answer(event);
    },
    onDead: (type) => dead.push(type),
  });
  open.push(consumer);
  return { seen, dead, consumer };
};
const infoOf = () => jsm.consumers.info(EVENTS_STREAM, DURABLE);
/** All is acknowledged, and that is noted. */
const noted = async (): Promise<void> => {
  await vi.waitFor(async () => expect(await infoOf()).toMatchObject({ num_pending: 0, num_ack_pending: 0 }), WITHIN);
  const { ack_floor: floor } = await infoOf();
  await vi.waitFor(async () => {
    const entry = await jsm.streams.getMessage(TOLD_STREAM, { last_by_subj: `$KV.AMENDS_TOLD.progress.${DURABLE}` });
    expect(entry?.json()).toMatchObject({ floor: floor.stream_seq });
  }, WITHIN);
};

describe('E9: what somebody takes away from the broker while everybody is connected', () => {
  it.each([EVENTS_STREAM, DEAD_LETTER_STREAM, LATE_STREAM, DELIVERIES_STREAM, TOLD_STREAM])(
    'E9: the stream %s is made again within a minute',
    async (stream) => {
      const connection = connectBroker(nats.url, log);
      open.push(connection);
      await connection.use(20_000);
      await jsm.streams.delete(stream);
      await vi.waitFor(async () => expect((await jsm.streams.info(stream)).config.name).toBe(stream), WITHIN);
      await vi.waitFor(() => expect(connection.reason()).toBeNull(), WITHIN);
    },
    60_000,
  );

  it('E9: what was in the stream and not yet consumed comes again from the outbox, in its order, and is taken', async () => {
    await relayed();
    const all = Array.from({ length: 20 }, (_, n) => `o-${n}`);
    for (const id of all) await place(id);
    await allSent();
    await jsm.streams.delete(EVENTS_STREAM);
    const { seen } = await consumed();
    await vi.waitFor(() => expect([...new Set(seen)].toSorted()).toEqual(all.toSorted()), WITHIN);
    await place('o-after');
    await vi.waitFor(() => expect(seen).toContain('o-after'), WITHIN);
    expect((await ids()).filter((id) => id === 'o-3')).toHaveLength(1);
  }, 60_000);

  it('E9: a consumer in a stream made anew takes what comes then, and what it dealt with before it tells nobody again', async () => {
    await relayed();
    const { seen, dead } = await consumed((event) =>
      orderOf(event).startsWith('bad') ? { dead: 'invalid', detail: 'a test' } : 'taken',
    );
    for (const id of ['o-1', 'bad-1', 'late-1']) await place(id);
    await vi.waitFor(() => expect(seen.toSorted()).toEqual(['bad-1', 'late-1', 'o-1']), WITHIN);
    await noted();
    await jsm.streams.purge(DEAD_LETTER_STREAM);
    await jsm.streams.delete(EVENTS_STREAM);
    await vi.waitFor(() => expect(seen.filter((id) => id === 'late-1').length).toBeGreaterThan(1), WITHIN);
    await place('bad-2');
    await vi.waitFor(() => expect(dead).toHaveLength(2), WITHIN);
    await noted();
    const letters = await readStream(nats.url, DEAD_LETTER_STREAM);
    expect(letters.map((letter) => letter.json<{ id: string }>().id)).toEqual(['bad-2']);
    expect(await readStream(nats.url, LATE_STREAM)).toHaveLength(1);
  }, 90_000);

  it.each<[string, () => Promise<unknown>]>([
    ['paused', () => jsm.consumers.pause(EVENTS_STREAM, DURABLE, new Date(Date.now() + 3_600_000))],
    [
      'given other subjects',
      () => jsm.consumers.update(EVENTS_STREAM, DURABLE, { filter_subjects: ['events.nothing'] }),
    ],
    ['given an end of deliveries', () => jsm.consumers.update(EVENTS_STREAM, DURABLE, { max_deliver: 1 })],
  ])(
    'E9: a consumer that somebody has %s is as wanted again, and what came meanwhile is taken',
    async (_, change) => {
      await relayed();
      const { seen } = await consumed();
      await place('o-before');
      await vi.waitFor(() => expect(seen).toEqual(['o-before']), WITHIN);
      await noted();
      await change();
      await place('o-meanwhile');
      await vi.waitFor(() => expect(seen).toContain('o-meanwhile'), WITHIN);
      await vi.waitFor(async () => {
        const { paused, config } = await infoOf();
        expect([paused ?? false, config.max_deliver, config.filter_subjects ?? [config.filter_subject]]).toEqual([
          false,
          -1,
          ['events.>'],
        ]);
      }, WITHIN);
      await place('o-after');
      await vi.waitFor(() => expect(seen).toContain('o-after'), WITHIN);
    },
    60_000,
  );

  it('E9: a consumer that is deleted goes on where it was: it tells nothing again, and loses nothing', async () => {
    const bad = () => ({ dead: 'invalid' as const, detail: 'a test' });
    const { seen } = await consumed((event) => (orderOf(event).startsWith('bad') ? bad() : 'taken'));
    const send = (orderId: string) =>
      js.publish(
        eventSubject(CANCEL),
        JSON.stringify(
          newEvent({ type: CANCEL, source: '/test', subject: orderId, data: { orderId, reason: 'why' }, id: orderId }),
        ),
      );
    await vi.waitFor(infoOf, WITHIN);
    for (const id of ['bad-1', 'late-1', 'o-1']) await send(id);
    await vi.waitFor(() => expect(seen).toHaveLength(3), WITHIN);
    await noted();
    const desk = connectBroker(nats.url, log);
    open.push(desk);
    const { items } = await openDeadLetterDesk(desk, log).list({ filter: {}, limit: 10, from: 1 });
    expect(items).toHaveLength(1);
    await jsm.streams.purge(DEAD_LETTER_STREAM);
    await jsm.consumers.delete(EVENTS_STREAM, DURABLE);
    await send('o-2');
    await vi.waitFor(() => expect(seen).toContain('o-2'), WITHIN);
    expect(seen).toEqual(['bad-1', 'late-1', 'o-1', 'o-2'].toSorted().toSorted(byFirstSeen(seen)));
    expect(await readStream(nats.url, DEAD_LETTER_STREAM)).toEqual([]);
    expect(await readStream(nats.url, LATE_STREAM)).toHaveLength(1);
  }, 60_000);

  it('E6 G 46: a full stream refuses, which is said; what it refuses stays in the outbox until there is room', async () => {
    const connection = connectBroker(nats.url, log);
    open.push(connection);
    await connection.use(20_000);
    await jsm.streams.update(EVENTS_STREAM, { max_msgs: 1 });
    await relayed();
    for (const id of ['o-1', 'o-2', 'o-3']) await place(id);
    await vi.waitFor(() => expect(connection.reason()).toMatch(/nearly full.*AMENDS_EVENTS \(100 %\)/), WITHIN);
    expect(await ids()).toHaveLength(1);
    expect((await outboxBacklog(pool)).count).toBe(2);
    await jsm.streams.update(EVENTS_STREAM, { max_msgs: -1 });
    await allSent();
    expect(await ids()).toHaveLength(3);
  }, 60_000);

  it('E5: a bad event that is sent again is another, and so is one that is re-driven', async () => {
    const { dead } = await consumed();
    await vi.waitFor(infoOf, WITHIN);
    const poison = `{"id":"${randomUUID()}"`;
    for (let n = 0; n < 2; n += 1) await js.publish(eventSubject(CANCEL), poison);
    await vi.waitFor(() => expect(dead).toHaveLength(2), WITHIN);
    const connection = connectBroker(nats.url, log);
    open.push(connection);
    const desk = openDeadLetterDesk(connection, log);
    expect(await desk.redrive(1, { actor: 'a', reason: 'r' })).toMatchObject({ id: '1' });
    await vi.waitFor(() => expect(dead).toHaveLength(3), WITHIN);
  }, 60_000);
});

const byFirstSeen = (seen: readonly string[]) => (a: string, b: string) => seen.indexOf(a) - seen.indexOf(b);
