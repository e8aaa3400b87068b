import type { Broker } from './broker.ts';
import { JetStreamApiCodes, JetStreamApiError, jetstream, jetstreamManager, type StreamInfo } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { EVENTS_STREAM } from '@amends/contracts/internal';
import { createCondition, lookAfter } from '@amends/runtime/internal';
import type { Log, Running } from '@amends/runtime/internal';
import { ensureStreams } from './ensure-streams.ts';
import { nearlyFull } from './stream-limits.ts';

const CONNECT_TIMEOUT_MS = 2_000;
const RECONNECT_WAIT_MS = 250;
/** A broker that froze is given up after two pings without an answer. */
const PING_INTERVAL_MS = 5_000;
/** How soon a stream is made again that somebody has deleted, though nobody here has missed it. */
const LOOK_EVERY_MS = 10_000;
/** How soon while the first look has not passed. */
const FIRST_LOOK_EVERY_MS = 250;

export interface BrokerConnection extends Running {
  /** The broker, as soon as it is there. Rejects when it is not within `withinMs`, or once closed. */
  readonly use: (withinMs: number) => Promise<Broker>;
  /** The broker, if it is there now. */
  readonly now: () => Broker | undefined;
  readonly connected: () => boolean;
  /** Makes again what is missing, for somebody who has missed it; resolves however that ended. */
  readonly look: () => Promise<void>;
  /** What is wrong with the broker, or null. */
  readonly reason: () => string | null;
  /** As the last look found them. */
  readonly streams: () => readonly StreamInfo[];
}

/**
 * Connects in the background and for ever: a broker that is away, or restarts, is waited for. Its streams are looked after as long as the
 * connection lives: what somebody deletes is made again (E9).
 */
export const connectBroker = (natsUrl: string, log: Log): BrokerConnection => {
  const closing = new AbortController();
  const reach = createCondition('the broker', log);
  let broker: Broker | undefined;
  let streams: readonly StreamInfo[] = [];
  let look = (): Promise<void> => Promise.resolve();
  let reason: () => string | null = () => null;
  let waiting: (() => void)[] = [];

  const arrived = (now: Broker): void => {
    if (!broker) log.info('the broker is there');
    broker = now;
    for (const tell of waiting.splice(0)) tell();
  };

  const session = async (): Promise<void> => {
    const nc = await connect({
      servers: natsUrl,
      timeout: CONNECT_TIMEOUT_MS,
      maxReconnectAttempts: -1,
      reconnectTimeWait: RECONNECT_WAIT_MS,
      reconnectJitter: RECONNECT_WAIT_MS,
      pingInterval: PING_INTERVAL_MS,
      ignoreAuthErrorAbort: true,
    });
    let away = false;
    const check = async (): Promise<void> => {
      if (away || nc.isClosed()) return;
      streams = await ensureStreams(here.jsm).catch((error: unknown) => {
        throw inWords(error, natsUrl);
      });
      const epoch = streams.find(({ config }) => config.name === EVENTS_STREAM)?.created ?? '';
      if (broker && broker.epoch !== epoch)
        log.error({ before: broker.epoch, epoch }, 'the stream of events is another');
      if (!away) arrived(broker?.epoch === epoch ? broker : { ...here, epoch });
      const full = nearlyFull(streams);
      if (full) throw new Error(full);
    };
    const here = { nc, js: jetstream(nc), jsm: await jetstreamManager(nc, { checkAPI: false }) };
    const keeper = lookAfter({ what: "the broker's streams", check, everyMs: LOOK_EVERY_MS, log });
    const eager = setInterval(() => !broker && void keeper.now(), FIRST_LOOK_EVERY_MS);
    try {
      if (closing.signal.aborted) return;
      closing.signal.addEventListener('abort', () => void nc.drain().catch(() => nc.close()), { once: true });
      reach.good();
      look = keeper.now;
      reason = keeper.reason;
      for await (const status of nc.status()) {
        if (status.type === 'disconnect') {
          away = true;
          broker = undefined;
          if (!closing.signal.aborted) reach.bad(`NATS: ${hostOf(natsUrl)} cannot be reached`);
        } else if (status.type === 'reconnect') {
          away = false;
          reach.good();
          void keeper.now();
        }
      }
    } finally {
      broker = undefined;
      look = () => Promise.resolve();
      reason = () => null;
      clearInterval(eager);
      await nc.close();
      await keeper.close();
    }
  };

  const run = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      try {
        await session();
      } catch (error) {
        reach.bad(`NATS: ${hostOf(natsUrl)} cannot be reached`, error);
      }
      await pause(RECONNECT_WAIT_MS, closing.signal);
    }
  };
  const running = run();

  return {
    use: async (withinMs) => {
      if (!broker) await arrival(withinMs);
      if (!broker) {
        throw new Error(reason() ?? `the broker has been out of reach for ${withinMs} ms`);
      }
      return broker;
    },
    now: () => broker,
    connected: () => broker !== undefined,
    look: () => look(),
    reason: () => reach.reason() ?? reason() ?? (broker ? null : `NATS: ${hostOf(natsUrl)} is not there yet`),
    streams: () => streams,
    close: async () => {
      closing.abort();
      for (const tell of waiting.splice(0)) tell();
      await running;
    },
  };

  function arrival(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const tell = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting = waiting.filter((other) => other !== tell);
        resolve();
      }, withinMs);
      waiting.push(tell);
    });
  }
};

/** Without the password. */
const hostOf = (natsUrl: string): string => new URL(natsUrl).host;

const inWords = (error: unknown, natsUrl: string): Error => {
  const isWithout =
    (error as Error).name === 'JetStreamNotEnabled' ||
    (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.JetStreamNotEnabledForAccount);
  const why = isWithout
    ? `NATS_URL names ${hostOf(natsUrl)}, a server without JetStream: enable JetStream there, or name another`
    : `NATS: a stream cannot be looked after: ${(error as Error).message}`;
  return new Error(why, { cause: error });
};

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(end, ms);
    function end(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    }
    if (signal.aborted) end();
    else signal.addEventListener('abort', end);
  });
