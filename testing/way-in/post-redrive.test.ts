import { randomUUID } from 'node:crypto';
import { headers as natsHeaders } from '@nats-io/transport-node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Redriven } from '../../packages/contracts/src/dead-letter.ts';
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

const newOrderId = () => `o-${randomUUID()}`;
const inStream = async (): Promise<number> => (await bench.jsm.streams.info(EVENTS)).state.last_seq;
const idsLeft = async () => (await bench.list()).items.map(({ id }) => id);

/** Too large for an API that takes less; then an operator lets it take more. */
const tooLargeOnce = async (orderId: string): Promise<void> => {
  await bench.restart({ MAX_BODY_BYTES: '1024' });
  await bench.js.publish(`events.${PLACED}`, placedEvent(orderId).padEnd(1_200));
  await bench.oneLetter();
  await bench.restart();
};

describe('POST /dead-letters/{id}/redrive', () => {
  it('E5: after a fix the event has exactly one saga, its letter is gone, and who did it is on record', async () => {
    const orderId = newOrderId();
    await tooLargeOnce(orderId);
    expect(await bench.sagasOf(orderId)).toBe(0);
    const { id, reason } = await bench.oneLetter();
    expect(reason).toBe('too-large');
    const answer = await bench.redrive(id, { reason: 'the limit is higher now' });
    expect(answer.status).toBe(202);
    expect(Redriven.parse(await answer.json())).toEqual({
      id,
      type: PLACED,
      subject: `events.${PLACED}`,
      sequence: await inStream(),
    });
    await expect.poll(() => bench.sagasOf(orderId), WITHIN).toBe(1);
    expect((await bench.list()).items).toEqual([]);
    expect(bench.logged).toContainEqual(
      expect.objectContaining({
        msg: 'a dead letter was re-driven',
        actor: 'anonymous',
        reason: 'the limit is higher now',
        letter: expect.objectContaining({ id, type: PLACED }) as unknown,
      }),
    );
    const again = await bench.redrive(id);
    expect(await readProblem(again)).toMatchObject({ httpStatus: 404, type: 'not-found' });
    expect(await bench.sagasOf(orderId)).toBe(1);
  });

  it('E5: what still cannot be used becomes a new letter, with the bytes and headers of the first', async () => {
    const headers = natsHeaders();
    headers.set('X-Shop', 'one');
    await bench.js.publish('events.shop.junk', 'junk', { headers, msgID: 'their-own-id' });
    const first = await bench.oneLetter();
    expect(first.headers).toEqual({ 'X-Shop': ['one'], 'Nats-Msg-Id': ['their-own-id'] });
    expect((await bench.redrive(first.id)).status).toBe(202);
    await expect.poll(idsLeft, WITHIN).not.toContain(first.id);
    const second = await bench.oneLetter();
    expect(second).toEqual({
      ...first,
      id: second.id,
      at: second.at,
      origin: { ...first.origin, sequence: await inStream() },
    });
    expect(Number(second.id)).toBeGreaterThan(Number(first.id));
    expect((await bench.redrive(second.id)).status).toBe(202);
    await expect.poll(idsLeft, WITHIN).not.toContain(second.id);
    await bench.oneLetter();
  });

  it('E5: many at once re-drive it once', async () => {
    await bench.js.publish('events.shop.junk', 'junk');
    const { id } = await bench.oneLetter();
    const before = await inStream();
    const answers = await Promise.all(Array.from({ length: 8 }, () => bench.redrive(id)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses).toContain(202);
    expect(statuses.filter((status) => status !== 202 && status !== 404)).toEqual([]);
    expect(await inStream()).toBe(before + 1);
    await bench.oneLetter();
  });

  it('E5: the letter stays for as long as the stream has not taken its event', async () => {
    await bench.js.publish('events.shop.junk', 'junk');
    const { id } = await bench.oneLetter();
    const { config, state } = await bench.jsm.streams.info(EVENTS);
    await bench.jsm.streams.update(EVENTS, { ...config, max_msgs: state.messages });
    try {
      const refused = await bench.redrive(id);
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
      expect(await idsLeft()).toEqual([id]);
    } finally {
      await bench.jsm.streams.update(EVENTS, { ...config, max_msgs: -1 });
    }
    expect((await bench.redrive(id)).status).toBe(202);
  });

  it('E5: an event that left its letter no room is shown from where it is, and told apart once that has dropped it', async () => {
    const bytes = 'x'.repeat((bench.nc.info?.max_payload ?? 0) - 64);
    await bench.js.publish('events.shop.junk', bytes);
    const { id, event } = await bench.oneLetter();
    expect(event).toBe(bytes);
    expect(await readProblem(await bench.redrive(id))).toMatchObject({ httpStatus: 413, type: 'too-large' });
    await bench.jsm.streams.purge(EVENTS);
    expect(await bench.oneLetter()).toMatchObject({ id, event: null, encoding: null });
    expect(await readProblem(await bench.redrive(id))).toMatchObject({ httpStatus: 409, type: 'conflict' });
    await bench.oneLetter();
  });

  it.each([
    ['0', { reason: 'why' }, 404, 'not-found'],
    ['999999', { reason: 'why' }, 404, 'not-found'],
    ['o-1', { reason: 'why' }, 404, 'not-found'],
    ['1', {}, 422, 'invalid'],
    ['1', { reason: ' ' }, 422, 'invalid'],
    ['1', { reason: 'why', subject: 'events.other' }, 422, 'invalid'],
  ])('refuses %s with %j', async (id, body, httpStatus, type) => {
    expect(await readProblem(await bench.redrive(id, body))).toMatchObject({ httpStatus, type });
  });

  it('answers 405 with Allow to methods that do not exist', async () => {
    const answers = await Promise.all([bench.post('/dead-letters'), bench.get('/dead-letters/1/redrive')]);
    expect(answers.map(({ status, headers }) => [status, headers.get('allow')])).toEqual([
      [405, 'GET, HEAD'],
      [405, 'POST'],
    ]);
  });
});
