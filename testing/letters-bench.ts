import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { pino } from 'pino';
import { expect, inject, vi } from 'vitest';
import type { z } from 'zod';
import { DeadLetterList, type DeadLetter } from '../packages/contracts/src/dead-letter.ts';
import { exampleOrder } from '../contracts/orders.ts';
import { freePorts } from '../packages/amends/src/local/ports/free-ports.ts';
import { ownNats, type OwnNats } from '../packages/testing/src/servers/own-nats.ts';
import { openShopApi } from './the-shop.ts';

/** By the names that are published: who sends events here knows nothing of our code. */
export const EVENTS = 'AMENDS_EVENTS';
export const LETTERS = 'AMENDS_DLQ';
export const PLACED = 'shop.order.placed.v1';

/** The machine may be busy. */
export const WITHIN = { timeout: 20_000, interval: 50 };

/** The API on a broker of its own and the run's Temporal server, and a plain NATS client beside it. */
export interface LettersBench {
  readonly nats: OwnNats;
  readonly nc: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  /** What the API has logged, from `info` on. */
  readonly logged: Record<string, unknown>[];
  /** Starts the API again with these variables. */
  readonly restart: (env?: Record<string, string>) => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly get: (path: string, init?: RequestInit) => Promise<Response>;
  readonly post: (path: string, body?: unknown) => Promise<Response>;
  readonly redrive: (id: string, body?: unknown) => Promise<Response>;
  readonly list: (query?: string) => Promise<z.infer<typeof DeadLetterList>>;
  /** Resolves with the letters once there are so many. */
  readonly letters: (count: number) => Promise<DeadLetter[]>;
  readonly oneLetter: () => Promise<DeadLetter>;
  /** How many sagas of an order Temporal has, open and closed. */
  readonly sagasOf: (orderId: string) => Promise<number>;
  readonly close: () => Promise<void>;
}

export const startLettersBench = async (): Promise<LettersBench> => {
  const nats = await ownNats();
  const nc = await connect({ servers: nats.url, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  const address = inject('temporalAddress');
  const connection = await Connection.connect({ address });
  const { workflow } = new Client({ connection });
  const logged: Record<string, unknown>[] = [];
  const sink = { write: (line: string) => void logged.push(JSON.parse(line) as Record<string, unknown>) };
  const log = pino({ level: 'info' }, sink);

  let api: Awaited<ReturnType<typeof openShopApi>> | undefined;
  const stop = async (): Promise<void> => {
    await api?.close();
    api = undefined;
  };
  const restart = async (env: Record<string, string> = {}): Promise<void> => {
    await stop();
    const [port = 0] = await freePorts(1);
    const given = { API_PORT: String(port), TEMPORAL_ADDRESS: address, NATS_URL: nats.url };
    api = await openShopApi({ ...given, ...env }, log);
  };
  const ask = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${api?.port}${path}`, init);
  const post = (path: string, body: unknown = { reason: 'mended' }) =>
    ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const list = async (query = '') => DeadLetterList.parse(await (await ask(`/dead-letters${query}`)).json());
  const letters = (count: number) =>
    vi.waitFor(async () => {
      const { items } = await list();
      expect(items).toHaveLength(count);
      return items;
    }, WITHIN);

  await restart();
  await vi.waitFor(async () => expect(await (await ask('/readyz')).json()).toMatchObject({ status: 'ready' }), WITHIN);
  return {
    nats,
    nc,
    js: jetstream(nc),
    jsm: await jetstreamManager(nc),
    logged,
    restart,
    stop,
    get: ask,
    post,
    redrive: (id, body) => post(`/dead-letters/${id}/redrive`, body),
    list,
    letters,
    oneLetter: async () => {
      const [letter] = await letters(1);
      return letter ?? expect.fail('there is none');
    },
    sagasOf: async (orderId) => (await workflow.count(`WorkflowId = "fulfilOrder:${orderId}"`)).count,
    close: async () => {
      await stop();
      await nc.close();
      await nats.remove();
      await connection.close();
    },
  };
};

/** A CloudEvent as anybody writes it. */
export const cloudEvent = (type: string, data: unknown): string =>
  JSON.stringify({ specversion: '1.0', id: randomUUID(), source: '/somebody', type, data });

export const placedEvent = (orderId: string): string => cloudEvent(PLACED, { ...exampleOrder, orderId });
