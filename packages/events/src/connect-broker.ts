import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { Log } from '@amends/runtime/internal';
import type { Running } from '@amends/runtime/internal';
import { ensureStreams } from './ensure-streams.ts';

const CONNECT_TIMEOUT_MS = 2_000;
const RECONNECT_WAIT_MS = 250;
/** A broker that froze is given up after two pings without an answer. */
const PING_INTERVAL_MS = 5_000;

/** A connection on which the streams are there. */
export interface Broker {
  readonly nc: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
}

export interface BrokerConnection extends Running {
  /** The broker, as soon as it is there. Rejects when it is not within `withinMs`, or once closed. */
  readonly use: (withinMs: number) => Promise<Broker>;
  readonly connected: () => boolean;
}

/** Connects in the background and for ever: a broker that is away, or restarts, is waited for, and its streams made again. */
export const connectBroker = (natsUrl: string, log: Log): BrokerConnection => {
  const closing = new AbortController();
  let broker: Broker | undefined;
  let waiting: (() => void)[] = [];

  const arrived = (now: Broker): void => {
    broker = now;
    log.info('the broker is there');
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
    try {
      if (closing.signal.aborted) return;
      closing.signal.addEventListener('abort', () => void nc.drain().catch(() => nc.close()), { once: true });
      const here: Broker = { nc, js: jetstream(nc), jsm: await jetstreamManager(nc, { checkAPI: false }) };
      await prepare(here);
      for await (const status of nc.status()) {
        if (status.type === 'disconnect') {
          broker = undefined;
          log.warn('the broker is away');
        } else if (status.type === 'reconnect') {
          await prepare(here);
        }
      }
    } finally {
      broker = undefined;
      await nc.close();
    }
  };

  const prepare = async (here: Broker): Promise<void> => {
    while (!closing.signal.aborted && !here.nc.isClosed()) {
      try {
        await ensureStreams(here.jsm);
        return arrived(here);
      } catch (error) {
        log.warn({ err: error }, 'the streams cannot be made yet');
        await pause(RECONNECT_WAIT_MS, closing.signal);
      }
    }
  };

  const run = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      try {
        await session();
      } catch (error) {
        log.warn({ err: error }, 'the broker cannot be reached yet');
      }
      await pause(RECONNECT_WAIT_MS, closing.signal);
    }
  };
  const running = run();

  return {
    use: async (withinMs) => {
      if (!broker) await arrival(withinMs);
      if (!broker) throw new Error(`the broker has been out of reach for ${withinMs} ms`);
      return broker;
    },
    connected: () => broker !== undefined,
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
