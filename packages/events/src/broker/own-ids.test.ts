import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { jetstream, jetstreamManager, type JetStreamClient } from '@nats-io/jetstream';
import { connect, headers as natsHeaders, nanos, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  DEAD_LETTER_STREAM,
  deadLetterSubject,
  EVENTS_STREAM,
  eventSubject,
  LATE_STREAM,
} from '../../../contracts/src/protocol/streams.ts';
import { createLog } from '../../../runtime/src/log.ts';
import { ownNats, type OwnNats } from '../../../testing/src/servers/own-nats.ts';
import { readStream } from '../../../testing/src/reading/read-stream.ts';
import { connectBroker, type BrokerConnection } from './connect-broker.ts';
import { openDeadLetterDesk } from '../letters/dead-letter-desk.ts';
import { fingerprint } from '../../../runtime/src/fingerprint.ts';
import { lateToBroker } from '../letters/late-events.ts';
import { newEvent } from '../edge/new-event.ts';
import { connectPublisher, type Publisher } from './publisher.ts';

const log = createLog('test', 'silent');
const SHORT_MS = 200;
const CANCEL = 'test.order.cancel-requested.v1';

let nats: OwnNats;
let nc: NatsConnection;
let js: JetStreamClient;
let publisher: Publisher;
let broker: BrokerConnection;

beforeAll(async () => {
  nats = await ownNats();
  nc = await connect({ servers: nats.url });
  js = jetstream(nc);
  publisher = await connectPublisher(nats.url, log);
  broker = connectBroker(nats.url, log);
  await broker.use(20_000);
});
afterAll(async () => {
  await publisher.close();
  await broker.close();
  await nc.close();
  await nats.remove();
});

const cancelOf = (id: string) =>
  newEvent({ type: CANCEL, source: '/test', subject: 'o-1', data: { orderId: 'o-1', reason: 'why' }, id });
const idsIn = async (stream: string): Promise<unknown[]> =>
  (await readStream(nats.url, stream)).map((message) => message.json<{ id?: string }>().id);
/** What somebody else publishes under an id that he has guessed. */
const taken = (subject: string, msgID: string) => js.publish(subject, '{}', { msgID });

describe('G 40: an id that somebody else has taken', () => {
  it('E6: by source and id keeps no event of ours out of the stream', async () => {
    const id = randomUUID();
    await taken('events.junk', `/test#${id}`);
    await publisher.publish(cancelOf(id), randomUUID());
    expect(await idsIn(EVENTS_STREAM)).toContain(id);
  });

  it('E6: nor does our very own, as it was taken: the broker’s word for a repeat is not believed', async () => {
    const [id, messageId] = [randomUUID(), randomUUID()];
    await taken('events.junk', messageId);
    await publisher.publish(cancelOf(id), messageId);
    expect(await idsIn(EVENTS_STREAM)).toContain(id);
  });

  it('E6: a repeat of ours is one all the same', async () => {
    const [id, messageId] = [randomUUID(), randomUUID()];
    const event = cancelOf(id);
    for (let n = 0; n < 2; n += 1) await publisher.publish(event, messageId);
    expect((await idsIn(EVENTS_STREAM)).filter((one) => one === id)).toHaveLength(1);
  });

  it('E4: keeps no late event from being told', async () => {
    const id = randomUUID();
    await taken('amends.late.junk', `late/${fingerprint(['/test', id])}`);
    const event = cancelOf(id);
    await lateToBroker(broker)({ event, json: JSON.stringify(event) }, { saga: 'fulfilOrder:o-1', why: 'closed' });
    expect(await idsIn(LATE_STREAM)).toContain(id);
  });

  it('E9: what has been told is not told again, also when the broker has forgotten the id', async () => {
    const jsm = await jetstreamManager(nc);
    const { config } = await jsm.streams.info(LATE_STREAM);
    await jsm.streams.update(LATE_STREAM, { ...config, duplicate_window: nanos(SHORT_MS) });
    const id = randomUUID();
    const event = cancelOf(id);
    for (let n = 0; n < 2; n += 1) {
      await lateToBroker(broker)({ event, json: JSON.stringify(event) }, { saga: 'fulfilOrder:o-1', why: 'closed' });
      await sleep(3 * SHORT_MS);
    }
    expect((await idsIn(LATE_STREAM)).filter((one) => one === id)).toHaveLength(1);
  });

  it('E5: keeps no dead letter from being re-driven', async () => {
    const headers = natsHeaders();
    const event = { id: randomUUID() };
    const { seq } = await js.publish(deadLetterSubject('invalid', CANCEL), JSON.stringify(event), { headers });
    const jsm = await jetstreamManager(nc);
    const stored = await jsm.streams.getMessage(DEAD_LETTER_STREAM, { seq });
    await taken(eventSubject('junk'), `amends-redrive#${seq}#${stored?.timestamp}`);
    const answer = await openDeadLetterDesk(broker, log).redrive(seq, { actor: 'a', reason: 'r' });
    const { sequence } = answer as { sequence: number };
    expect((await jsm.streams.getMessage(EVENTS_STREAM, { seq: sequence }))?.json()).toEqual(event);
  });
});
