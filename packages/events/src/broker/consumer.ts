import { AckPolicy, type Consumer as Pull, type ConsumerMessages, type JsMsg } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { type DeadLetterReason, EVENTS_STREAM, eventSubject } from '@amends/contracts/internal';
import { createCondition } from '@amends/runtime/internal';
import type { Log, Running } from '@amends/runtime/internal';
import { classifyBy, subjectsOf } from '../edge/classify.ts';
import { type Broker } from './broker.ts';
import { connectBroker } from './connect-broker.ts';
import { bindConsumer, noteProgress, type Wanted } from './consumer-progress.ts';
import { EVENTS_MAX_AGE_MS } from './ensure-streams.ts';
import { createInFlight } from './in-flight.ts';
import type { EventContracts, KnownEvent, KnownEventOf, TypeIn } from '../edge/known-event.ts';
import { takeMessage } from './take-message.ts';
import type { Delivery, KeepLate, Verdict } from './verdict.ts';

const ACK_WAIT_MS = 15_000;
/** How many events one process works on at once. */
const MAX_IN_FLIGHT = 32;
/** How many may be in flight or put off in all processes together; events put off for long must not stop the others. */
const MAX_ACK_PENDING = 10_000;
const MAX_EVENT_BYTES = 1_048_576;
/** Before the stream drops it unseen. */
const MAX_AGE_MS = EVENTS_MAX_AGE_MS - 60 * 60 * 1_000;
const PULL_MS = 5_000;
const BROKER_WAIT_MS = 5_000;
const PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
/** How often it is noted how far the consumer is: what was taken since comes again when somebody deletes it. */
const NOTE_EVERY_MS = 2_000;

export interface ConsumeOptions<E extends EventContracts, T extends TypeIn<E>> {
  readonly natsUrl: string;
  /** What each type says, and in which older versions it is still taken. */
  readonly contracts: E;
  /** The name under which the broker remembers how far we are; processes of one name share the events. */
  readonly durable: string;
  /** `all`: also what is of no type we know, so that somebody puts it to the dead letters. */
  readonly types: readonly T[] | 'all';
  /** May be called twice for one event, and for several at once. */
  readonly handle: (event: KnownEventOf<E, T>, delivery: Delivery, keepLate: KeepLate) => Promise<Verdict>;
  readonly log: Log;
  /** Told of what has gone to the dead letters, by its subject's type. */
  readonly onDead?: (type: string, reason: DeadLetterReason) => void;
  /** What is larger goes to the dead letters; default 1 MiB. */
  readonly maxEventBytes?: number;
  readonly maxInFlight?: number;
  /** The broker gives an event again this long after the process that had it fell silent; default 15 s. */
  readonly ackWaitMs?: number;
  /** How long an event is put off after its n-th delivery; default 1 s, doubling to 60 s. */
  readonly backOffMs?: (attempt: number) => number;
  /** What has waited longer goes to the dead letters; default an hour less than the stream keeps it. */
  readonly maxAgeMs?: number;
}

/** A consumer that runs; `close` stops pulling, waits for the handlers in flight, and leaves what is not taken to others. */
export interface Consumer extends Running {
  readonly connected: () => boolean;
  /** Why no events are taken, or null. */
  readonly reason: () => string | null;
}

/**
 * Handles the events of the stream with a durable pull consumer: each at least once, acknowledged only when taken. What
 * cannot be used goes to the dead letters (E5) and holds nobody up. There is no limit of deliveries, which would drop
 * events unseen. Resolves at once; the broker is waited for in the background, and again whenever it restarts. A consumer or a stream that
 * somebody deletes is made again, and goes on where it was (E9).
 */
export const consume = async <E extends EventContracts, T extends TypeIn<E>>(
  options: ConsumeOptions<E, T>,
): Promise<Consumer> => {
  const { natsUrl, durable, types, log, onDead, maxInFlight = MAX_IN_FLIGHT, ackWaitMs = ACK_WAIT_MS } = options;
  const { maxEventBytes = MAX_EVENT_BYTES, maxAgeMs = MAX_AGE_MS, backOffMs = doublingToAMinute, contracts } = options;
  const classify = classifyBy(contracts);
  const handle = options.handle as unknown as (
    event: KnownEvent,
    delivery: Delivery,
    keepLate: KeepLate,
  ) => Promise<Verdict>;
  const connection = connectBroker(natsUrl, log);
  const closing = new AbortController();
  const state = createCondition(`the consumer ${durable}`, log);
  let batch: ConsumerMessages | undefined;
  let noting: Broker | undefined;
  let floor = 0;
  let isFirst = true;
  const inFlight = createInFlight(() => batch?.stop());

  const wanted: Wanted = {
    filter_subjects: types === 'all' ? [eventSubject('>')] : types.flatMap((type) => subjectsOf(contracts, type)),
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(ackWaitMs),
    max_deliver: -1,
    max_ack_pending: MAX_ACK_PENDING,
  };
  const bind = async (broker: Broker): Promise<Pull> => {
    await bindConsumer(broker, durable, { wanted, isFirst });
    isFirst = false;
    return broker.js.consumers.get(EVENTS_STREAM, durable);
  };

  const start = (message: JsMsg, broker: Broker): void => {
    const judging = { classify, handle, onDead, maxEventBytes, maxAgeMs };
    inFlight.add(
      takeMessage(message, { broker, durable, log, alone: inFlight.alone, ackWaitMs, backOffMs, ...judging }),
    );
  };

  /** Asks for no more than it can work on at once: an event that waits in this process would be given to another. */
  const pull = async (broker: Broker): Promise<void> => {
    const consumer = await bind(broker);
    noting = broker;
    floor = 0;
    state.good();
    while (!closing.signal.aborted && noting === broker) {
      await inFlight.open();
      const free = maxInFlight - inFlight.count();
      if (free === 0) {
        await inFlight.next();
        continue;
      }
      batch = await consumer.fetch({ max_messages: free, expires: PULL_MS });
      if (closing.signal.aborted || inFlight.shut()) batch.stop();
      for await (const message of batch) start(message, broker);
    }
  };

  const run = async (): Promise<void> => {
    for (let pauseMs = PAUSE_MS; !closing.signal.aborted; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
      const since = Date.now();
      try {
        await pull(await connection.use(BROKER_WAIT_MS));
      } catch (error) {
        if (closing.signal.aborted) return;
        noting = undefined;
        if (Date.now() - since > LONGEST_PAUSE_MS * 2) pauseMs = PAUSE_MS;
        // the stream may have been deleted, and the consumer with it
        await connection.look();
        if (connection.reason() === null)
          state.bad(`NATS: the consumer ${durable} cannot pull: ${String(error)}`, error);
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
  };
  const running = run();
  const note = setInterval(() => {
    if (!noting || connection.now()?.epoch !== noting.epoch) return;
    noteProgress(noting, durable, { wanted, last: floor }).then(
      (now) => {
        floor = now ?? 0;
        if (now !== null) return;
        log.error({ durable }, 'somebody has paused or changed the consumer: it is made as it should be');
        noting = undefined;
        batch?.stop();
      },
      (error: unknown) => log.debug({ err: error, durable }, 'progress not noted'),
    );
  }, NOTE_EVERY_MS);

  return {
    connected: connection.connected,
    reason: () => connection.reason() ?? state.reason(),
    close: async () => {
      closing.abort();
      clearInterval(note);
      batch?.stop();
      await running;
      await inFlight.all();
      await connection.close();
    },
  };
};

const FIRST_BACK_OFF_MS = 1_000;
const MAX_BACK_OFF_MS = 60_000;

const doublingToAMinute = (attempt: number): number =>
  Math.min(MAX_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** Math.max(0, attempt - 1));
