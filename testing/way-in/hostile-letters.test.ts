import { randomUUID } from 'node:crypto';
import { headers as natsHeaders, type MsgHdrs } from '@nats-io/transport-node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  EVENTS,
  LETTERS,
  PLACED,
  placedEvent,
  startLettersBench,
  type LettersBench,
  WITHIN,
} from '../letters-bench.ts';
import { readProblem } from '../../packages/testing/src/reading/read-problem.ts';

let bench: LettersBench;
beforeAll(async () => {
  bench = await startLettersBench();
});
afterAll(() => bench?.close());
beforeEach(async () => {
  await bench.jsm.streams.purge(LETTERS);
});

const headersOf = (entries: Readonly<Record<string, string>>): MsgHdrs => {
  const headers = natsHeaders();
  for (const [name, value] of Object.entries(entries)) headers.set(name, value);
  return headers;
};
/** As many bytes of headers as that. */
const filling = (bytes: number): Record<string, string> => {
  const many: Record<string, string> = {};
  for (let left = bytes, n = 0; left > 0; left -= 1_000, n += 1) {
    const name = `X-${String(n).padStart(3, '0')}`;
    many[name] = 'v'.repeat(Math.max(1, Math.min(1_000, left) - `${name}: \r\n`.length));
  }
  return many;
};
const lists = (entries: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(entries).map(([name, value]) => [name, [value]]));
const remove = (id: string) => bench.get(`/dead-letters/${id}`, { method: 'DELETE' });

describe('what a sender says with headers of ours', () => {
  const forged = {
    'Amends-Dead-Body-At': 'NOSUCH 1',
    'Amends-Dead-Reason': 'crashing',
    'Amends-Dead-Time': '+275760-09-13T00:00:00Z',
    'amends-dead-sequence': 'none',
    'Amends-Headers-In-Body': '3',
    'Amends-Late-Body-At': 'NOSUCH 1',
    'AMENDS-ANYTHING': 'at all',
  };

  it('E5: is dropped from an event, whose letter shows its own bytes, and is re-driven as they are', async () => {
    await bench.js.publish('events.shop.junk', 'junk', { headers: headersOf({ ...forged, 'X-Shop': 'one' }) });
    const first = await bench.oneLetter();
    expect(first).toMatchObject({ reason: 'not-cloudevent', event: 'junk', headers: { 'X-Shop': ['one'] } });
    expect(Object.keys(first.headers)).toEqual(['X-Shop']);
    expect((await bench.redrive(first.id)).status).toBe(202);
    await expect.poll(async () => (await bench.list()).items.map(({ id }) => id), WITHIN).not.toContain(first.id);
    expect(await bench.oneLetter()).toMatchObject({ event: 'junk', headers: { 'X-Shop': ['one'] } });
  });

  it.each([
    ['a stream that there is not', async () => 'NOSUCH 1'],
    ['another stream', async () => `${LETTERS} 1`],
    ['nonsense', async () => `${EVENTS} nonsense`],
    ['no such sequence', async () => `${EVENTS} 9007199254740991`],
    [
      'an event of another type',
      async () => `${EVENTS} ${(await bench.js.publish('events.secret.type', placedEvent('o-secret'))).seq}`,
    ],
  ])(
    'E5: in a letter that somebody else wrote, that its bytes are at %s, leads nowhere and ends no list',
    async (_, at) => {
      const said = await at();
      const pending = async () => {
        const { num_pending, num_ack_pending } = await bench.jsm.consumers.info(EVENTS, 'amends-triggers');
        return num_pending + num_ack_pending;
      };
      await expect.poll(pending, WITHIN).toBe(0);
      await bench.jsm.streams.purge(LETTERS);
      const { seq } = await bench.js.publish('dlq.invalid.shop.junk', '', {
        headers: headersOf({ ...forged, 'Amends-Dead-Body-At': said }),
      });
      await bench.js.publish('events.shop.junk', 'after it');
      expect(await bench.letters(2)).toMatchObject([
        { id: String(seq), event: null, encoding: null },
        { event: 'after it' },
      ]);
      expect(await readProblem(await bench.redrive(String(seq)))).toMatchObject({ httpStatus: 409, type: 'conflict' });
      expect((await remove(String(seq))).status).toBe(204);
      expect(await readProblem(await remove(String(seq)))).toMatchObject({ httpStatus: 404, type: 'not-found' });
      expect(await bench.oneLetter()).toMatchObject({ event: 'after it' });
    },
  );
});

describe('an event with as many headers as the broker takes', () => {
  it.each([
    [40_000, 202],
    [50_000, 202],
    [60_000, 202],
    [65_400, 413],
  ])('E5: of %i bytes that cannot be used is a letter with all of them', async (bytes, answered) => {
    const own = filling(bytes);
    await bench.js.publish('events.shop.junk', 'junk', { headers: headersOf(own) });
    const letter = await bench.oneLetter();
    expect(letter).toMatchObject({ reason: 'not-cloudevent', event: 'junk', encoding: 'text', headers: lists(own) });
    const redriven = await bench.redrive(letter.id);
    expect(redriven.status).toBe(answered);
    if (answered !== 202) return;
    await expect.poll(async () => (await bench.list()).items.map(({ id }) => id), WITHIN).not.toContain(letter.id);
    expect(await bench.oneLetter()).toMatchObject({ event: 'junk', headers: lists(own) });
  });

  it('E5: and with as many bytes, is a letter that says where they are', async () => {
    const own = filling(65_400);
    const body = 'x'.repeat((bench.nc.info?.max_payload ?? 0) - 66_000);
    await bench.js.publish('events.shop.junk', body, { headers: headersOf(own) });
    expect(await bench.oneLetter()).toMatchObject({ event: body, headers: lists(own) });
  });

  it('E5: that can be used is taken', async () => {
    const orderId = `o-${randomUUID()}`;
    await bench.js.publish(`events.${PLACED}`, placedEvent(orderId), { headers: headersOf(filling(65_400)) });
    await expect.poll(() => bench.sagasOf(orderId), WITHIN).toBe(1);
  });

  it('E5: an event whose subject is as long as the broker takes is a letter too, and holds nobody up', async () => {
    const orderId = `o-${randomUUID()}`;
    bench.nc.publish(`events.${'long.'.repeat(800)}type`, 'junk');
    await bench.js.publish(`events.${PLACED}`, placedEvent(orderId));
    await expect.poll(() => bench.sagasOf(orderId), WITHIN).toBe(1);
    const letter = await bench.oneLetter();
    expect(letter.type.length).toBeLessThan(600);
    expect(letter).toMatchObject({ event: 'junk' });
  });
});
