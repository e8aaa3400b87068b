import type { JsMsg } from '@nats-io/jetstream';
import { eventSubject } from '../contracts/streams.ts';
import type { Log } from '../platform/log.ts';
import { classify } from './classify.ts';
import type { Broker } from './connect-broker.ts';
import { readableHeaders, writeDeadLetter } from './dead-letters.ts';
import { readPutOffs, writePutOffs } from './delivery-record.ts';
import type { KnownEvent } from './known-event.ts';
import { readNatsEvent } from './nats-binding.ts';
import type { Delivery, Verdict } from './verdict.ts';

/** An event that took its process down this often is not tried again. */
const MAX_CRASHES = 10;
const FIRST_BACK_OFF_MS = 1_000;
const MAX_BACK_OFF_MS = 60_000;

interface Taking {
  readonly broker: Broker;
  readonly durable: string;
  readonly handle: (event: KnownEvent, delivery: Delivery) => Promise<Verdict>;
  readonly log: Log;
  readonly maxEventBytes: number;
  readonly maxAgeMs: number;
  readonly ackWaitMs: number;
}

/** 1 s, 2 s, 4 s … 60 s. */
export const backOffMs = (attempt: number): number =>
  Math.min(MAX_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** Math.max(0, attempt - 1));

/**
 * One delivery, from the broker's hand to its end: acknowledged once it is taken or in the dead letters, else put off. Never
 * throws: what cannot even be put off comes again by itself when the broker hears no more of it.
 */
export const takeMessage = async (message: JsMsg, taking: Taking): Promise<void> => {
  const { broker, log, durable, ackWaitMs } = taking;
  const { streamSequence: sequence, deliveryCount: attempt } = message.info;
  const where = { durable, subject: message.subject, sequence, attempt };
  const stillAtIt = setInterval(() => {
    if (!broker.nc.isClosed()) message.working();
  }, ackWaitMs / 3);
  try {
    const verdict = await judge(message, taking);
    if (verdict !== 'taken') {
      await writeDeadLetter(broker, message, { reason: verdict.dead, detail: verdict.detail });
      log.error({ ...where, reason: verdict.dead, detail: verdict.detail }, 'an event went to the dead letters');
    }
    message.ack();
  } catch (error) {
    log.warn({ ...where, err: error }, 'an event is put off');
    await putOff(message, taking).catch((failure: unknown) => log.warn({ ...where, err: failure }, 'nor put off'));
  } finally {
    clearInterval(stillAtIt);
  }
};

const judge = async (message: JsMsg, taking: Taking): Promise<Verdict> => {
  const { broker, durable, maxAgeMs, maxEventBytes, handle } = taking;
  const { streamSequence: sequence, deliveryCount: attempt } = message.info;
  if (attempt > MAX_CRASHES) {
    const crashes = attempt - 1 - (await readPutOffs(broker, durable, sequence));
    if (crashes >= MAX_CRASHES) return { dead: 'crashing', detail: `${crashes} deliveries ended without an answer` };
  }
  const publishedAt = message.time;
  if (Date.now() - publishedAt.getTime() > maxAgeMs) {
    return { dead: 'too-old', detail: `it has waited since ${publishedAt.toISOString()}` };
  }
  if (message.data.length > maxEventBytes) {
    return { dead: 'too-large', detail: `it has ${message.data.length} bytes; ${maxEventBytes} are taken` };
  }
  const classified = classify(readNatsEvent(readableHeaders(message), message.data));
  if (!classified.usable) return { dead: classified.reason, detail: classified.detail };
  const { event } = classified;
  if (message.subject !== eventSubject(event.type)) {
    // whoever listens for its type alone has not seen it
    return { dead: 'invalid', detail: `type: an event of ${event.type} was published to ${message.subject}` };
  }
  return handle(event, { publishedAt, attempt });
};

const putOff = async (message: JsMsg, { broker, durable }: Taking): Promise<void> => {
  const { streamSequence: sequence, deliveryCount: attempt } = message.info;
  const before = attempt === 1 ? 0 : await readPutOffs(broker, durable, sequence);
  await writePutOffs(broker, durable, { sequence, count: before + 1 });
  message.nak(backOffMs(attempt));
};
