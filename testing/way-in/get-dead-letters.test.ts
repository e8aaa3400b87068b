import { randomUUID } from 'node:crypto';
import { headers as natsHeaders } from '@nats-io/transport-node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { events } from '../../contracts/events.ts';
import {
  cloudEvent,
  EVENTS,
  LETTERS,
  PLACED,
  placedEvent,
  startLettersBench,
  type LettersBench,
  WITHIN,
} from '../letters-bench.ts';
import { publishBroken } from '../publish-broken.ts';
import { readProblem } from '../../packages/testing/src/reading/read-problem.ts';

let bench: LettersBench;
beforeAll(async () => {
  bench = await startLettersBench();
});
afterAll(() => bench?.close());
beforeEach(async () => {
  await bench.jsm.streams.purge(LETTERS);
});

const newOrderId = () => `o-${randomUUID()}`;
const SLOWEST_ANSWER_MS = 8_000;
const hasSaga = async (orderId: string): Promise<void> => {
  await expect.poll(() => bench.sagasOf(orderId), WITHIN).toBe(1);
};

describe('GET /dead-letters', () => {
  it('E5: shows what could not be used, untouched, with why, whence and when; by reason, by type, page by page', async () => {
    const headers = natsHeaders();
    headers.append('X-Shop', 'one');
    headers.append('X-Shop', 'two');
    headers.set('Nats-Expected-Stream', EVENTS);
    const garbage = Buffer.from([0x00, 0xff, 0x7b, 0xc3, 0x28]);
    const sent = [
      ['not-cloudevent', 'shop.junk', garbage],
      ['unknown-type', 'shop.order.exploded.v9', Buffer.from(cloudEvent('shop.order.exploded.v9', {}))],
      ['invalid', PLACED, Buffer.from(` ${placedEvent('o/1')}\n`)],
      ['invalid', PLACED, Buffer.from(cloudEvent('fulfilOrder.parked.v1', events['fulfilOrder.parked.v1'].example))],
    ] as const;
    const sequences: number[] = [];
    for (const [, type, bytes] of sent) {
      sequences.push((await bench.js.publish(`events.${type}`, bytes, { headers })).seq);
      await bench.letters(sequences.length);
    }
    const { items, next } = await bench.list();
    expect(next).toBeNull();
    expect(items).toMatchObject(
      sent.map(([reason, type, bytes], at) => ({
        reason,
        type,
        subject: `events.${type}`,
        origin: { stream: EVENTS, sequence: sequences[at], consumer: 'amends-triggers' },
        headers: { 'X-Shop': ['one', 'two'], 'Nats-Expected-Stream': [EVENTS] },
        event: bytes === garbage ? garbage.toString('base64') : bytes.toString(),
        encoding: bytes === garbage ? 'base64' : 'text',
      })),
    );
    for (const { at, headers: own } of items) {
      expect(Date.parse(at)).toBeGreaterThan(Date.now() - 60_000);
      expect(Object.keys(own)).toEqual(['X-Shop', 'Nats-Expected-Stream']);
    }
    expect(items.map(({ detail }) => detail)).toEqual(
      ['UTF-8', 'v9', 'data.orderId', 'only /amends/sagas tells of'].map(
        (part) => expect.stringContaining(part) as unknown,
      ),
    );

    const ids = items.map(({ id }) => id);
    const idsOf = async (query: string) => (await bench.list(query)).items.map(({ id }) => id);
    expect(await idsOf('?reason=invalid')).toEqual(ids.slice(2));
    expect(await idsOf(`?type=${PLACED}`)).toEqual(ids.slice(2));
    expect(await idsOf('?type=shop.junk&reason=not-cloudevent')).toEqual(ids.slice(0, 1));
    expect(await idsOf('?type=shop.junk&reason=invalid')).toEqual([]);
    const first = await bench.list('?limit=3');
    const second = await bench.list(`?limit=3&cursor=${first.next}`);
    expect([first, second].map((page) => page.items.map(({ id }) => id))).toEqual([ids.slice(0, 3), ids.slice(3)]);
    expect(second.next).toBeNull();
    const other = await bench.get(`/dead-letters?reason=invalid&cursor=${first.next}`);
    expect(await readProblem(other)).toMatchObject({ httpStatus: 422, errors: [{ path: 'cursor' }] });
  });

  it('E5: a page of large events ends early, and the next goes on', async () => {
    for (let n = 0; n < 6; n += 1) await bench.js.publish('events.shop.junk', Buffer.alloc(900_000, 'x'));
    await expect.poll(async () => (await bench.jsm.streams.info(LETTERS)).state.messages, WITHIN).toBe(6);
    const first = await bench.list();
    expect(first.items.length).toBeLessThan(6);
    const rest = await bench.list(`?cursor=${first.next}`);
    expect(new Set([...first.items, ...rest.items].map(({ id }) => id)).size).toBe(6);
    expect(rest.next).toBeNull();
  });

  it('is empty where there is nothing, and leaves out what is no letter', async () => {
    expect(await bench.list()).toEqual({ items: [], next: null });
    await bench.js.publish('dlq.nonsense', 'whatever');
    await bench.js.publish('dlq.bored.shop.junk', 'whatever');
    expect(await bench.list()).toEqual({ items: [], next: null });
  });

  it('E5: shows what somebody else has put there with headers that nobody can read, and all that comes after', async () => {
    await publishBroken(bench.nats.url, 'dlq.invalid.shop.junk');
    await bench.js.publish('events.shop.junk', 'more');
    expect(await bench.letters(2)).toMatchObject([
      { reason: 'invalid', type: 'shop.junk', origin: null, headers: {}, event: 'junk' },
      { reason: 'not-cloudevent', event: 'more' },
    ]);
  });

  it.each([
    ['?reason=bored', 422, 'invalid'],
    ['?type=shop.*', 422, 'invalid'],
    ['?type=%3E', 422, 'invalid'],
    ['?limit=0', 422, 'invalid'],
    ['?limit=101', 422, 'invalid'],
    ['?status=parked', 422, 'invalid'],
    ['?cursor=zzz', 400, 'bad-request'],
  ])('refuses %s', async (query, httpStatus, type) => {
    expect(await readProblem(await bench.get(`/dead-letters${query}`))).toMatchObject({ httpStatus, type });
  });
});

describe('dead letters and what goes down', () => {
  it('E5: poison that waited while the API was down holds nobody up when it comes back', async () => {
    await bench.stop();
    const orderIds = [newOrderId(), newOrderId()];
    for (const orderId of orderIds) {
      await bench.js.publish(`events.${PLACED}`, Buffer.from([0xff, 0x00]));
      await bench.js.publish(`events.${PLACED}`, placedEvent(orderId));
    }
    await bench.restart();
    for (const orderId of orderIds) await hasSaga(orderId);
    expect(await bench.letters(2)).toMatchObject([{ reason: 'not-cloudevent' }, { reason: 'not-cloudevent' }]);
  });

  it('E5: while the broker is away both routes answer 503 with Retry-After, in bounded time; then the letters are there again', async () => {
    await bench.js.publish('events.shop.junk', 'junk');
    const letter = await bench.oneLetter();
    await bench.nats.kill();
    const before = Date.now();
    const answers = await Promise.all([bench.get('/dead-letters'), bench.redrive(letter.id)]);
    expect(Date.now() - before).toBeLessThan(SLOWEST_ANSWER_MS);
    for (const answer of answers) {
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(await readProblem(answer)).toMatchObject({ httpStatus: 503, type: 'unavailable' });
    }
    await bench.nats.restart();
    await expect.poll(async () => (await bench.get('/dead-letters')).status, WITHIN).toBe(200);
    expect(await bench.oneLetter()).toEqual(letter);
  }, 60_000);

  it('E5 E8: without a broker there are none', async () => {
    await bench.stop();
    await bench.restart({ NATS_URL: 'none' });
    expect(await bench.list()).toEqual({ items: [], next: null });
    expect(await readProblem(await bench.redrive('1'))).toMatchObject({ httpStatus: 404, type: 'not-found' });
    await bench.stop();
  });
});
