import type { JsMsg } from '@nats-io/jetstream';
import { type DeadLetterReason, eventSubject } from '@amends/contracts/internal';
import type { Log } from '@amends/runtime/internal';
import type { Classify } from '../edge/classify.ts';
import type { Broker } from './broker.ts';
import { keptHeaders, readableHeaders, typeOf, writeDeadLetter } from '../letters/dead-letters.ts';
import { readPutOffs, writePutOffs } from './delivery-record.ts';
import type { KnownEvent } from '../edge/known-event.ts';
import { writeLate, type Late } from '../letters/late-events.ts';
import { readNatsEvent } from './nats-binding.ts';
import type { Delivery, KeepLate, Verdict } from './verdict.ts';

/** An event whose process went down this often while it was in flight is not tried again. */
const MAX_CRASHES = 10;
/** From then on it is tried alone, so that events which only were in its company are told from the one that does it. */
const CRASHES_IN_COMPANY = 3;
/** How long it waits when another is being tried alone. */
const TURN_MS = 1_000;

export interface Taking {
  readonly broker: Broker;
  readonly durable: string;
  readonly classify: Classify;
  readonly handle: (event: KnownEvent, delivery: Delivery, keepLate: KeepLate) => Promise<Verdict>;
  readonly onDead: ((type: string, reason: DeadLetterReason) => void) | undefined;
  readonly log: Log;
  readonly maxEventBytes: number;
  readonly maxAgeMs: number;
  readonly ackWaitMs: number;
  readonly backOffMs: (attempt: number) => number;
  /** Does it with nothing else in flight in this process; false, and not done, when another is waiting for that. */
  readonly alone: (work: () => Promise<void>) => Promise<boolean>;
}

/**
 * One delivery, from the broker's hand to its end: acknowledged once it is taken or in the dead letters, else put off. Never
 * throws: what cannot even be put off comes again by itself when the broker hears no more of it.
 */
export const takeMessage = async (message: JsMsg, taking: Taking): Promise<void> => {
  const { broker, log, durable, ackWaitMs, alone } = taking;
  const { streamSequence: sequence, deliveryCount: attempt } = message.info;
  const where = { durable, subject: message.subject, sequence, attempt };
  const stillAtIt = setInterval(() => {
    if (!broker.nc.isClosed()) message.working();
  }, ackWaitMs / 3);
  try {
    const crashes = attempt > CRASHES_IN_COMPANY ? attempt - 1 - (await readPutOffs(broker, durable, sequence)) : 0;
    const finish = () => settle(message, taking, crashes);
    if (crashes < CRASHES_IN_COMPANY) await finish();
    else if (!(await alone(finish))) await putOff(message, taking, TURN_MS);
  } catch (error) {
    log.warn({ ...where, err: error }, 'an event is put off');
    await putOff(message, taking, taking.backOffMs(attempt)).catch((failure: unknown) =>
      log.warn({ ...where, err: failure }, 'nor put off'),
    );
  } finally {
    clearInterval(stillAtIt);
  }
};

const settle = async (message: JsMsg, taking: Taking, crashes: number): Promise<void> => {
  const { broker, log, durable } = taking;
  const verdict = await judge(message, taking, crashes);
  if (verdict !== 'taken') {
    const { dead: reason, detail } = verdict;
    const where = { durable, subject: message.subject, sequence: message.seq };
    if (await writeDeadLetter(broker, message, { reason, detail })) {
      log.error({ ...where, reason, detail }, 'an event went to the dead letters');
      taking.onDead?.(typeOf(message.subject), reason);
    } else log.info({ ...where, reason, detail }, 'an event was in the dead letters before');
  }
  // Waiting until the broker has it keeps a crash that comes next from being laid at this event's door.
  await message.ackAck();
};

const judge = async (message: JsMsg, taking: Taking, crashes: number): Promise<Verdict> => {
  const { maxAgeMs, maxEventBytes, classify, handle } = taking;
  if (crashes >= MAX_CRASHES) return { dead: 'crashing', detail: `${crashes} deliveries ended without an answer` };
  const publishedAt = message.time;
  if (Date.now() - publishedAt.getTime() > maxAgeMs) {
    return { dead: 'too-old', detail: `it has waited since ${publishedAt.toISOString()}` };
  }
  if (message.data.length > maxEventBytes) {
    return { dead: 'too-large', detail: `it has ${message.data.length} bytes; ${maxEventBytes} are taken` };
  }
  const parsed = readNatsEvent(readableHeaders(message), message.data);
  const classified = classify(parsed);
  if (!classified.usable) return { dead: classified.reason, detail: classified.detail };
  const { event, sentAs } = classified;
  if (message.subject !== eventSubject(sentAs)) {
    // whoever listens for its type alone has not seen it
    return { dead: 'invalid', detail: `type: an event of ${sentAs} was published to ${message.subject}` };
  }
  const at = `${message.info.stream} ${message.seq}`;
  const delivery = { publishedAt, attempt: message.info.deliveryCount, original: parsed.event, at };
  return handle(event, delivery, (late) => keepLate(message, taking, event, late));
};

/** As it came, byte for byte. */
const keepLate = (message: JsMsg, { broker }: Taking, { source, id }: KnownEvent, late: Late): Promise<void> => {
  const type = typeOf(message.subject);
  const at = `${message.info.stream} ${message.seq}`;
  const original = { headers: keptHeaders(message), payload: message.data };
  return writeLate(broker, { ...original, type, id: [source, id], at }, late);
};

const putOff = async (message: JsMsg, { broker, durable }: Taking, delayMs: number): Promise<void> => {
  const { streamSequence: sequence, deliveryCount: attempt } = message.info;
  const before = attempt === 1 ? 0 : await readPutOffs(broker, durable, sequence);
  await writePutOffs(broker, durable, { sequence, count: before + 1 });
  message.nak(delayMs);
};
