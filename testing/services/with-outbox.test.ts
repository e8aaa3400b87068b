import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createMetrics } from '../../packages/runtime/src/metrics.ts';
import { startReceiver, type Receiver } from '../../packages/testing/src/reading/event-receiver.ts';
import {
  startServiceUnderTest,
  type ServiceUnderTest,
} from '../../packages/testing/src/services/service-under-test.ts';
import { createApp as createShipping } from '../../services/shipping/app.ts';
import { withOutbox } from '../../packages/participant/src/service/with-outbox.ts';
import { shopEvents } from '../the-shop.ts';

const WITHIN = { timeout: 20_000, interval: 50 };

const EVENTS = Object.keys(shopEvents);

let api: Receiver;
let orders: Receiver;
let shipping: ServiceUnderTest;
beforeAll(async () => {
  [api, orders] = await Promise.all([startReceiver(), startReceiver()]);
  const routes = {
    natsUrl: undefined,
    receivers: [
      { name: 'api', url: api.url, types: EVENTS },
      { name: 'orders', url: orders.url, types: EVENTS },
    ],
  };
  shipping = await startServiceUnderTest('shipping', (parts) => {
    const metered = { ...parts, metrics: createMetrics() };
    return withOutbox(metered, routes, (wake) => createShipping({ ...metered, wake }));
  });
});
afterAll(async () => {
  await shipping.close();
  await Promise.all([api.stop(), orders.stop()]);
});

let count = 0;
const aReturn = async (): Promise<string> => {
  const orderId = `o-${(count += 1)}`;
  const key = `returnOrder:${orderId}/sendReturnLabel`;
  const label = await shipping.asSaga(key, '/return-labels', { orderId, shipFrom: { country: 'DE' } });
  const { labelId } = label.json as { labelId: string };
  const parcel = { lines: [{ sku: 'mug', quantity: 1 }], condition: 'as-new' };
  expect((await shipping.ask(`POST /return-labels/${labelId}/received`, parcel)).status).toBe(202);
  return orderId;
};

const figures = async () => {
  const { text } = await shipping.ask('GET /metrics');
  const of = (name: string) => Number(new RegExp(`^amends_outbox_${name} (.+)$`, 'm').exec(text)?.[1]);
  return { waiting: of('waiting_events'), oldest: of('oldest_age_seconds'), dead: of('dead_events') };
};

interface DeadList {
  readonly items: readonly { readonly id: string; readonly event: { readonly subject: string } }[];
  readonly next: string | null;
}
const dead = async (query = ''): Promise<DeadList> => (await shipping.ask(`GET /outbox/dead${query}`)).json as DeadList;

it('E6: what waits in an outbox and for how long are figures of the service; they go down when it is out', async () => {
  expect(await figures()).toEqual({ waiting: 0, oldest: 0, dead: 0 });
  api.answer = () => [503];
  await aReturn();
  await aReturn();
  await vi.waitFor(async () => {
    const { waiting, oldest, dead: died } = await figures();
    expect([waiting, died]).toEqual([2, 0]);
    expect(oldest).toBeGreaterThan(0.5);
    expect(oldest).toBeLessThan(20);
  }, WITHIN);
  api.answer = () => [202];
  await vi.waitFor(async () => expect(await figures()).toEqual({ waiting: 0, oldest: 0, dead: 0 }), WITHIN);
});

it('E8: what is finally refused is counted, listed page by page, sent again, and given up, through the service', async () => {
  api.answer = () => [422, 'not like this'];
  const subjects = [await aReturn(), await aReturn(), await aReturn()];
  await vi.waitFor(async () => expect(await figures()).toEqual({ waiting: 0, oldest: 0, dead: 3 }), WITHIN);

  const first = await dead('?limit=2');
  const second = await dead(`?limit=2&cursor=${first.next}`);
  expect([...first.items, ...second.items].map(({ event }) => event.subject).toSorted()).toEqual(subjects.toSorted());
  expect(second.next).toBeNull();
  expect(first.items[0]).toMatchObject({
    target: 'api',
    reason: 'api answered 422: not like this',
    diedAt: expect.stringMatching(/Z$/),
    event: { type: 'shop.return.received.v1', source: '/services/shipping', data: { condition: 'as-new' } },
  });

  api.answer = () => [202];
  const [one, two] = first.items.map(({ id }) => id);
  expect(await shipping.ask(`POST /outbox/dead/${one}/redrive`)).toMatchObject({ status: 202, json: { redriven: 1 } });
  expect((await shipping.ask(`DELETE /outbox/dead/${two}`)).status).toBe(204);
  expect(await shipping.ask('POST /outbox/dead/redrive')).toMatchObject({ status: 202, json: { redriven: 1 } });
  await vi.waitFor(async () => expect(await figures()).toEqual({ waiting: 0, oldest: 0, dead: 0 }), WITHIN);
  expect(await dead()).toEqual({ items: [], next: null });
  for (const route of [`POST /outbox/dead/${one}/redrive`, `DELETE /outbox/dead/${two}`]) {
    expect(await shipping.ask(route)).toMatchObject({ status: 404, json: { type: 'urn:amends:not-found' } });
  }
});

it.each([
  ['GET /outbox/dead?limit=0', 422],
  ['GET /outbox/dead?cursor=nonsense', 400],
  ['POST /outbox/dead/no-number/redrive', 422],
  ['DELETE /outbox/dead/99999999999999999999', 422],
  ['PUT /outbox/dead', 405],
])('%s answers %i', async (route, status) => {
  expect((await shipping.ask(route)).status).toBe(status);
});

it('E6: figures of an outbox whose database is away are NaN, and the others are told all the same', async () => {
  await shipping.pool.query('alter table outbox rename to outbox_away');
  const { status, text } = await shipping.ask('GET /metrics');
  await shipping.pool.query('alter table outbox_away rename to outbox');
  expect(status).toBe(200);
  expect(text).toMatch(/^amends_outbox_waiting_events Nan$/im);
  expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
});
