import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { exampleOrder } from '../../contracts/orders.ts';
import type { Dispatcher } from '../../packages/events/src/edge/dispatch.ts';
import { newEvent } from '../../packages/events/src/edge/new-event.ts';
import { receiveEvents } from '../../packages/events/src/edge/receive-events.ts';
import { sagaOf } from '../../packages/api/src/triggers/define-triggers.ts';
import { shopApi, shopEvents } from '../the-shop.ts';

const MIB = 1_048_576;
const ANSWER_MAX_BYTES = 64_000;
const BRIEFLY_MS = 2_000;
const STRUCTURED = 'application/cloudevents+json';
const BATCH = 'application/cloudevents-batch+json';

let dispatched = 0;
const dispatcher: Dispatcher = {
  dispatch: async () => {
    dispatched += 1;
    return { outcome: 'accepted', problem: null };
  },
};
const TAKING = { contracts: shopEvents, lineOf: sagaOf(shopApi.triggers) };
/** What is answered, and how much that is. */
const receive = async (type: string, text: string) => {
  const before = Date.now();
  const { problem, taken } = await receiveEvents(
    dispatcher,
    {
      headers: { 'content-type': type },
      body: Buffer.from(text),
    },
    TAKING,
  );
  const bytes = Buffer.byteLength(JSON.stringify({ ...problem, ...taken }));
  return { problem, taken, bytes, ms: Date.now() - before };
};
const placed = (data: object = {}) =>
  JSON.stringify({
    ...newEvent({ type: 'shop.order.placed.v1', source: '/shop', subject: 'o-1', data: exampleOrder }),
    data: { ...exampleOrder, orderId: `o-${randomUUID()}`, ...data },
  });
const batchOf = (count: number, item: (n: number) => string) =>
  `[${Array.from({ length: count }, (_, n) => item(n)).join()}]`;
const fill = (item: string) => batchOf(Math.floor(MIB / (item.length + 1)), () => item);

describe('how much one request can ask for', () => {
  it('E1: a batch of 1,000 events is taken, each with its id', async () => {
    const { problem, taken } = await receive(
      BATCH,
      batchOf(1_000, () => placed()),
    );
    expect(problem).toBeNull();
    expect(taken).toMatchObject({ accepted: 1_000 });
    expect(taken?.results.every(({ id }) => id !== null)).toBe(true);
  });

  it.each([
    ['1,001 good events', batchOf(1_001, () => placed())],
    ['500,000 numbers', fill('1')],
    ['350,000 lists', fill('[]')],
    ['170,000 strings', fill('"a,b"')],
    ['1,001 and a half', `[${'1,'.repeat(1_000)}1,{`],
  ])('E1: a batch of %s is refused before any of it is looked at', async (_, text) => {
    dispatched = 0;
    const { problem, taken, bytes, ms } = await receive(BATCH, text);
    expect(problem).toMatchObject({ status: 413, type: 'urn:amends:too-large' });
    expect([taken, dispatched]).toEqual([null, 0]);
    expect(bytes).toBeLessThan(1_000);
    expect(ms).toBeLessThan(BRIEFLY_MS);
  });

  const long = 'x'.repeat(900);
  const line = { sku: 'a b', quantity: -1, unitPrice: -1 };
  it.each([
    ['1,000 numbers', batchOf(1_000, () => '1')],
    [
      '1,000 of unknown type with long names',
      batchOf(1_000, (n) => placed().replace('shop.order.placed.v1', `${n}${long}`)),
    ],
    ['1,000 with long ids', batchOf(1_000, (n) => placed({ lines: [] }).replace(/"id":"[^"]+"/, `"id":"${n}${long}"`))],
    ['1,000 with many faults', batchOf(1_000, () => placed({ lines: Array.from({ length: 20 }, () => line) }))],
    ['1,000 in three bytes a letter', batchOf(1_000, () => placed().replace('/shop', '€'.repeat(200)))],
    ['good ones before bad', `[${Array.from({ length: 200 }, () => placed()).join()}${',[]'.repeat(800)}]`],
  ])('E1: the answer to %s is small, and has a result for each', async (_, text) => {
    const { problem, taken, bytes, ms } = await receive(BATCH, text);
    expect(problem?.status).toBe(422);
    expect(taken?.results).toHaveLength(1_000);
    expect(bytes).toBeLessThan(ANSWER_MAX_BYTES + 200 * 40);
    expect(ms).toBeLessThan(BRIEFLY_MS);
  });

  it.each([
    ['half a million lines', `{"lines":${fill('1')}}`],
    ['many members of a long name', JSON.stringify({ shipTo: { country: 'DE', ['n'.repeat(MIB)]: 1 } })],
  ])('E1: the answer about an event with %s is small, and names the first faults', async (_, data) => {
    const { problem, bytes, ms } = await receive(STRUCTURED, placed(JSON.parse(data) as object));
    expect(problem).toMatchObject({ status: 422, errors: expect.arrayContaining([expect.anything()]) as unknown });
    expect(bytes).toBeLessThan(ANSWER_MAX_BYTES);
    expect(ms).toBeLessThan(BRIEFLY_MS);
  });

  it('E1: a batch of which everything is wrong keeps nobody else waiting', async () => {
    const data = { lines: Array.from({ length: 300 }, () => 1) };
    const event = { specversion: '1.0', source: '/x', type: 'shop.order.placed.v1', data };
    const batch = Array.from({ length: 1_000 }, (_, n) => ({ ...event, id: String(n) }));
    let last = performance.now();
    let longest = 0;
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    const { problem } = await receiveEvents(
      dispatcher,
      {
        headers: { 'content-type': 'application/cloudevents-batch+json' },
        body: new TextEncoder().encode(JSON.stringify(batch)),
      },
      TAKING,
    );
    longest = Math.max(longest, performance.now() - last);
    clearInterval(timer);
    expect(problem).toMatchObject({ status: 422 });
    expect(longest).toBeLessThan(300);
  });

  it('E1: of a few bad events each is told what is wrong with it, by path', async () => {
    const { taken } = await receive(
      BATCH,
      batchOf(50, () => placed({ lines: [] })),
    );
    for (const { id, problem } of taken?.results ?? []) {
      expect(id).not.toBeNull();
      expect(problem).toMatchObject({ errors: [{ path: 'data.lines' }] });
    }
  });
});
