import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startCardProvider, type RunningProvider } from '../../testing/card-provider.ts';
import type { Hold } from './decide.ts';

let provider: RunningProvider;
beforeAll(async () => {
  provider = await startCardProvider();
});
afterAll(() => provider.close());

const post = async (path: string, body: unknown = {}, key: string = randomUUID()) => {
  const headers = { 'request-reference': key, 'content-type': 'application/json' };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await fetch(provider.url + path, { method: 'POST', headers, body: text });
  const json = (await answer.json()) as Hold & { error?: { code: string } };
  return { status: answer.status, json, code: json.error?.code };
};
const wanted = (reference: string, card = 'tok_ok') => ({ reference, amount: 100, currency: 'EUR', card });
const held = async (reference: string) => (await post('/holds', wanted(reference))).json.id;
const of = (reference: string) => provider.holds().filter((hold) => hold.reference === reference);

it('the same reference is one effect and one answer, also twenty at once; with another body it is refused', async () => {
  const key = randomUUID();
  const answers = await Promise.all(Array.from({ length: 20 }, () => post('/holds', wanted('once'), key)));
  expect(new Set(answers.map(({ status, json }) => `${status} ${json.id}`)).size).toBe(1);
  expect(of('once')).toHaveLength(1);
  expect(await post('/holds', wanted('other'), key)).toMatchObject({ status: 422, code: 'reference_reused' });
});

it.each([
  ['tok_declined', 'card_declined'],
  ['tok_expired', 'card_expired'],
  ['tok_of_nobody', 'card_declined'],
])('says no to %s: %s, and holds nothing', async (card, code) => {
  expect(await post('/holds', wanted(card, card))).toMatchObject({ status: 402, code });
  expect(of(card)).toEqual([]);
});

it('takes what is held, once; what is taken cannot be let go, what was let go cannot be taken', async () => {
  const taken = await held('taken');
  const first = await post(`/holds/${taken}/capture`);
  expect(first.json).toMatchObject({ state: 'captured', capturedAt: expect.stringMatching(/Z$/) });
  expect((await post(`/holds/${taken}/capture`)).json).toEqual(first.json);
  expect(await post(`/holds/${taken}/void`)).toMatchObject({ status: 409, code: 'hold_captured' });
  const gone = await held('gone');
  for (const _ of [1, 2]) expect((await post(`/holds/${gone}/void`)).json).toMatchObject({ state: 'voided' });
  expect(await post(`/holds/${gone}/capture`)).toMatchObject({ status: 409, code: 'hold_voided' });
  expect(await post('/holds/h-nobody/void')).toMatchObject({ status: 404, code: 'hold_unknown' });
});

it('gives back what was taken, in parts, and no more', async () => {
  const hold = await held('back');
  const refund = (amount: number) => post('/refunds', { hold, amount });
  expect(await refund(1)).toMatchObject({ status: 409, code: 'exceeds_captured' });
  await post(`/holds/${hold}/capture`);
  const parts = await Promise.all([60, 60, 60].map(refund));
  expect(parts.filter(({ status }) => status === 201)).toHaveLength(1);
  expect((await refund(40)).status).toBe(201);
  expect(of('back')).toMatchObject([{ state: 'refunded', refunded: 100 }]);
});

it('refuses a request without its reference, or whose body is not of the form', async () => {
  expect(await post('/holds', wanted('x'), '')).toMatchObject({ status: 400, code: 'reference_missing' });
  for (const body of ['{', '{}', { ...wanted('x'), amount: -1 }]) {
    expect(await post('/holds', body)).toMatchObject({ status: 400, code: 'bad_request' });
  }
  expect((await fetch(`${provider.url}/holds?cursor=x`)).status).toBe(400);
  expect((await fetch(`${provider.url}/nothing`)).status).toBe(404);
});

it('lists holds in pages, and those of one reference', async () => {
  for (let n = 0; n < 250; n += 50) await Promise.all(Array.from({ length: 50 }, () => held('many')));
  const list = async (query: string) =>
    (await (await fetch(`${provider.url}/holds?${query}`)).json()) as { items: Hold[]; next: string | null };
  const first = await list('reference=many');
  const second = await list(`reference=many&cursor=${first.next}`);
  expect([first.items.length, second.items.length, second.next]).toEqual([200, 50, null]);
  expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(250);
});
