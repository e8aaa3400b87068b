import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  startServiceUnderTest,
  type ServiceUnderTest,
} from '../../packages/testing/src/services/service-under-test.ts';
import { createApp } from './app.ts';

let shipping: ServiceUnderTest;
beforeAll(async () => {
  shipping = await startServiceUnderTest('shipping', (parts) => ({ app: createApp({ ...parts, wake: () => {} }) }));
});
afterAll(() => shipping.close());

const key = (order: string) => `returnOrder:${order}/sendLabel`;
const send = (order: string, shipFrom: Record<string, string> = { country: 'DE' }) =>
  shipping.asSaga(key(order), '/return-labels', { orderId: order, shipFrom });
const labelsOf = async (order: string) =>
  ((await shipping.ask(`GET /return-labels?orderId=${order}`)).json as { items: unknown[] }).items;

it('P1: sends a label, once however often it is asked', async () => {
  const answers = await Promise.all(Array.from({ length: 6 }, () => send('o-send', { country: 'FR', city: 'Lyon' })));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(await labelsOf('o-send')).toEqual([
    { ...(answers[0]?.json as object), orderId: 'o-send', state: 'sent', country: 'FR', receivedAt: null },
  ]);
});

it('P5: voids it when told to undo, once', async () => {
  await send('o-void');
  for (let i = 0; i < 2; i += 1)
    expect((await shipping.asSaga(key('o-void'), '/saga-operations/undo')).status).toBe(200);
  expect(await labelsOf('o-void')).toMatchObject([{ state: 'voided' }]);
});

it('P3 P4: an undo without a label blocks it: one that comes late is never sent', async () => {
  expect((await shipping.asSaga(key('o-late'), '/saga-operations/undo')).status).toBe(200);
  expect(await send('o-late')).toMatchObject({ status: 409, json: { type: 'urn:amends:blocked' } });
  expect(await labelsOf('o-late')).toEqual([]);
});

it.each(['KP', 'SY', 'CU'])('P8: refuses to fetch anything from %s', async (country) => {
  expect(await send(`o-${country}`, { country })).toMatchObject({
    status: 409,
    json: { type: 'urn:amends:refused:country-not-served' },
  });
  expect(await labelsOf(`o-${country}`)).toEqual([]);
});

it('asks which order is meant, and refuses a body that is not of the form', async () => {
  expect(await shipping.ask('GET /return-labels')).toMatchObject({
    status: 422,
    json: { errors: [{ path: 'orderId' }] },
  });
  expect(await send('o-wrong', { country: 'Germany' })).toMatchObject({ status: 422 });
});
