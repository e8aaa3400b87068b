import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { EVENTS_STREAM } from '../../packages/contracts/src/protocol/streams.ts';
import { readStream } from '../../packages/testing/src/reading/read-stream.ts';
import {
  startServiceUnderTest,
  type ServiceUnderTest,
} from '../../packages/testing/src/services/service-under-test.ts';
import { withOutbox } from '../../packages/participant/src/service/with-outbox.ts';
import { createApp } from './app.ts';

const WITHIN = { timeout: 20_000, interval: 50 };
const natsUrl = inject('natsUrl');

let shipping: ServiceUnderTest;
beforeAll(async () => {
  shipping = await startServiceUnderTest('shipping', (parts) =>
    withOutbox(parts, { natsUrl }, (wake) => createApp({ ...parts, wake })),
  );
});
afterAll(() => shipping.close());

const anOrder = (): string => `o-${randomUUID()}`;
const keyOf = (orderId: string) => `returnOrder:${orderId}/sendReturnLabel`;

const sendLabel = async (orderId: string): Promise<string> => {
  const answer = await shipping.asSaga(keyOf(orderId), '/return-labels', { orderId, shipFrom: { country: 'DE' } });
  return (answer.json as { labelId: string }).labelId;
};

const parcel = { lines: [{ sku: 'mug', quantity: 2 }], condition: 'as-new' };
const receive = (labelId: string, body: unknown = parcel) =>
  shipping.ask(`POST /return-labels/${labelId}/received`, body);
const labelOf = async (orderId: string) =>
  ((await shipping.ask(`GET /return-labels?orderId=${orderId}`)).json as { items: unknown[] }).items[0];

const published = async (orderId: string) =>
  (await readStream(natsUrl, EVENTS_STREAM))
    .map((message) => message.json<{ subject: string; type: string; source: string; data: unknown }>())
    .filter(({ subject }) => subject === orderId);

it('E6: a parcel that comes with a label is noted and published, once, however often it is said', async () => {
  const orderId = anOrder();
  const labelId = await sendLabel(orderId);
  expect(await labelOf(orderId)).toMatchObject({ state: 'sent', receivedAt: null });
  const answers = await Promise.all(Array.from({ length: 5 }, () => receive(labelId)));
  for (const { status, json } of answers) expect([status, json]).toEqual([202, { labelId, orderId }]);
  await vi.waitFor(async () => expect(await published(orderId)).toHaveLength(1), WITHIN);
  expect(await labelOf(orderId)).toMatchObject({ state: 'sent', receivedAt: expect.stringMatching(/Z$/) });
  await receive(labelId, { condition: 'as-new', lines: parcel.lines });
  await vi.waitFor(async () => {
    const { rowCount } = await shipping.pool.query('select 1 from outbox');
    expect(rowCount).toBe(0);
  }, WITHIN);
  expect(await published(orderId)).toMatchObject([
    { type: 'shop.return.received.v1', source: '/services/shipping', data: { orderId, ...parcel } },
  ]);
});

it('a parcel that has come has nothing else in it later', async () => {
  const labelId = await sendLabel(anOrder());
  await receive(labelId);
  expect(await receive(labelId, { ...parcel, condition: 'damaged' })).toMatchObject({
    status: 409,
    json: {
      type: 'urn:amends:conflict',
      detail: `return label ${labelId} has come already, with something else in its parcel`,
    },
  });
});

it('a parcel with a voided label is refused, and tells nobody; one that came before the label was voided stays', async () => {
  const [early, late] = [anOrder(), anOrder()];
  const came = await sendLabel(early);
  await receive(came);
  await shipping.asSaga(keyOf(early), '/saga-operations/undo');
  expect((await receive(came)).status).toBe(202);

  const voided = await sendLabel(late);
  await shipping.asSaga(keyOf(late), '/saga-operations/undo');
  expect(await receive(voided)).toMatchObject({ status: 409, json: { detail: `return label ${voided} is voided` } });
  expect(await labelOf(late)).toMatchObject({ state: 'voided', receivedAt: null });
  const { rows } = await shipping.pool.query('select key from outbox where key = $1', [late]);
  expect(rows).toEqual([]);
});

it.each([
  ['no-such-label', parcel, 404, 'not-found'],
  ['%00', parcel, 422, 'invalid'],
  ['any', { ...parcel, lines: [] }, 422, 'invalid'],
  ['any', { ...parcel, condition: 'eaten' }, 422, 'invalid'],
  ['any', '{"lines"', 400, 'not-json'],
])('POST /return-labels/%s/received of %j answers %i %s', async (labelId, body, status, type) => {
  expect(await receive(labelId, body)).toMatchObject({ status, json: { type: `urn:amends:${type}` } });
});

it('a return is no saga’s business here: it needs no key, and no other method exists', async () => {
  const answer = await shipping.ask('GET /return-labels/any/received');
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
});
