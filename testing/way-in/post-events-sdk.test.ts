import { randomUUID } from 'node:crypto';
import { Client, Connection, WorkflowNotFoundError } from '@temporalio/client';
import { CloudEvent, emitterFor, httpTransport, Mode } from 'cloudevents';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { exampleOrder } from '../../contracts/orders.ts';
import { Problem } from '../../packages/contracts/src/problems.ts';
import { freePorts } from '../../packages/amends/src/local/ports/free-ports.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import { openShopApi } from '../the-shop.ts';

// A sender that has the official SDK, a URL and the published types, and nothing else of ours.
const TYPE = 'shop.order.placed.v1';
const LIMIT_BYTES = 20_000;

const Taken = z.object({
  accepted: z.int(),
  results: z.array(
    z.object({ index: z.int(), id: z.string().nullable(), outcome: z.string(), problem: Problem.nullable() }),
  ),
});

let api: Awaited<ReturnType<typeof openShopApi>>;
let url: string;
let connection: Connection;
beforeAll(async () => {
  const [port = 0] = await freePorts(1);
  const env = {
    API_PORT: String(port),
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    NATS_URL: 'none',
    MAX_BODY_BYTES: String(LIMIT_BYTES),
  };
  api = await openShopApi(env, createLog('test', 'silent'));
  connection = await Connection.connect({ address: inject('temporalAddress') });
  url = `http://127.0.0.1:${api.port}`;
});
afterAll(async () => {
  await api?.close();
  await connection?.close();
});

const placed = (changes: object = {}) => {
  const data = { ...exampleOrder, orderId: `o-${randomUUID()}`, ...changes };
  return new CloudEvent({ type: TYPE, source: '/a/shop', subject: data.orderId, data });
};
const answerOf = (response: unknown): unknown => JSON.parse(z.object({ body: z.string() }).parse(response).body);
const sendAll = (events: readonly unknown[]) =>
  fetch(`${url}/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents-batch+json' },
    body: JSON.stringify(events),
  });
/** Whether the order of an event has a saga. */
const wasTaken = async ({ subject }: CloudEvent<unknown>): Promise<boolean> => {
  try {
    return (await new Client({ connection }).workflow.getHandle(`fulfilOrder:${subject}`).describe()) !== undefined;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
};

describe('the official SDK as a sender', () => {
  it.each([
    ['binary', Mode.BINARY],
    ['structured', Mode.STRUCTURED],
  ] as const)('E1: an event emitted in %s mode is taken, once', async (_, mode) => {
    const emit = emitterFor(httpTransport(`${url}/events`), { mode });
    const event = placed();
    const results = [{ index: 0, id: event.id, outcome: 'accepted', problem: null }];
    expect(answerOf(await emit(event))).toMatchObject({ accepted: 1, results });
    expect(answerOf(await emit(event))).toMatchObject({ accepted: 0, duplicate: 1 });
    expect(await wasTaken(event)).toBe(true);
  });

  it('E1: what is wrong with its data is told by path', async () => {
    const emit = emitterFor(httpTransport(`${url}/events`), { mode: Mode.STRUCTURED });
    const event = placed({ currency: 'euro', lines: [{ sku: 'mug', quantity: 0, unitPrice: 900 }] });
    const errors = [{ path: 'data.currency' }, { path: 'data.lines.0.quantity' }];
    expect(answerOf(await emit(event))).toMatchObject({ status: 422, type: 'urn:amends:invalid', errors });
    expect(await wasTaken(event)).toBe(false);
  });

  it('E1: a batch with bad ones among good says which, and every good one is taken', async () => {
    const good = [placed(), placed(), placed()] as const;
    const conflicting = placed({ orderId: good[0].subject, customerId: 'c-9' });
    const wrong = placed({ lines: [] });
    const response = await sendAll([good[0], wrong, 7, good[1], { type: TYPE }, conflicting, good[2]]);
    expect(response.status).toBe(422);
    const { accepted, results } = Taken.parse(await response.json());
    expect(accepted).toBe(3);
    expect(results.map(({ index, id, outcome }) => [index, id, outcome])).toEqual([
      [0, good[0].id, 'accepted'],
      [1, wrong.id, 'invalid'],
      [2, null, 'invalid'],
      [3, good[1].id, 'accepted'],
      [4, null, 'invalid'],
      [5, conflicting.id, 'conflict'],
      [6, good[2].id, 'accepted'],
    ]);
    expect(results[1]?.problem).toMatchObject({ status: 422, errors: [{ path: 'data.lines' }] });
    expect(results[4]?.problem?.detail).toContain('id');
    expect(await Promise.all(good.map(wasTaken))).toEqual([true, true, true]);
    expect(await wasTaken(wrong)).toBe(false);
    // sending all of it again is harmless
    expect(Taken.parse(await (await sendAll(good)).json()).accepted).toBe(0);
  });

  it.each([
    ['with its length', (body: string) => body],
    ['in chunks, without it', (body: string) => new Blob([body]).stream()],
  ])('E1: a batch over the limit, sent %s, is 413, and nothing of it is taken', async (_, bodyOf) => {
    const events = Array.from({ length: 80 }, () => placed());
    const response = await fetch(`${url}/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents-batch+json' },
      body: bodyOf(JSON.stringify(events)),
      duplex: 'half',
    });
    expect(response.status).toBe(413);
    expect(Problem.parse(await response.json()).type).toBe('urn:amends:too-large');
    expect(await Promise.all(events.slice(0, 3).map(wasTaken))).toEqual([false, false, false]);
  });
});
