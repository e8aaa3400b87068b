import { jetstreamManager, StorageType } from '@nats-io/jetstream';
import { connect, nanos, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEAD_LETTER_STREAM, EVENTS_STREAM, LATE_STREAM } from '../../../contracts/src/protocol/streams.ts';
import { ownNats, type OwnNats } from '../../../testing/src/servers/own-nats.ts';
import { ensureStreams } from './ensure-streams.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const WEEK_MS = 7 * DAY_MS;

let nats: OwnNats;
const connections: NatsConnection[] = [];

beforeAll(async () => {
  nats = await ownNats();
  for (let n = 0; n < 5; n += 1) connections.push(await connect({ servers: nats.url }));
});
afterAll(async () => {
  for (const nc of connections) await nc.close();
  await nats.remove();
});

const managers = () => Promise.all(connections.map((nc) => jetstreamManager(nc)));

describe('the streams', () => {
  it('E1: five that start at once make them, and making them again changes nothing', async () => {
    const all = await managers();
    await Promise.all(all.map(ensureStreams));
    const [jsm] = all;
    if (!jsm) throw new Error('no connection');
    const { config } = await jsm.streams.info(EVENTS_STREAM);
    expect(config).toMatchObject({ subjects: ['events.>'], max_age: nanos(WEEK_MS), storage: StorageType.File });
    expect(config.duplicate_window).toBeGreaterThan(0);
    const letters = await jsm.streams.info(DEAD_LETTER_STREAM);
    expect(letters.config).toMatchObject({ subjects: ['dlq.>'], max_age: 0, storage: StorageType.File });
    const late = await jsm.streams.info(LATE_STREAM);
    const month = nanos(30 * DAY_MS);
    expect(late.config).toMatchObject({ subjects: ['amends.late.>'], max_age: month, storage: StorageType.File });
    await Promise.all(all.map(ensureStreams));
    expect((await jsm.streams.info(EVENTS_STREAM)).config).toEqual(config);
  });

  it('E2: what an operator has set stays, but for the promised age', async () => {
    const [jsm] = await managers();
    if (!jsm) throw new Error('no connection');
    await jsm.streams.update(EVENTS_STREAM, { max_bytes: 1_000_000_000, max_age: nanos(1_000_000) });
    await ensureStreams(jsm);
    const { config } = await jsm.streams.info(EVENTS_STREAM);
    expect(config).toMatchObject({ max_bytes: 1_000_000_000, max_age: nanos(WEEK_MS) });
  });
});
