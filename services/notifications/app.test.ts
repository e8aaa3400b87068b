import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  startServiceUnderTest,
  type ServiceUnderTest,
} from '../../packages/testing/src/services/service-under-test.ts';
import { createApp } from './app.ts';

let notifications: ServiceUnderTest;
beforeAll(async () => {
  notifications = await startServiceUnderTest('notifications', (parts) => ({ app: createApp(parts) }));
});
afterAll(() => notifications.close());

const key = (order: string) => `fulfilOrder:${order}/notifyCustomer`;
const send = (order: string, template = 'order-confirmed') =>
  notifications.asSaga(key(order), '/notifications', {
    orderId: order,
    customerId: 'c-1',
    template,
    facts: { trackingNumber: 'T1' },
  });

it('P1: tells a customer once, however often it is asked', async () => {
  const answers = [await send('o-1'), await send('o-1')];
  expect(answers[1]?.text).toBe(answers[0]?.text);
  const { json } = await notifications.ask('GET /notifications?orderId=o-1');
  expect(json).toEqual({
    items: [
      {
        ...(answers[0]?.json as object),
        orderId: 'o-1',
        template: 'order-confirmed',
        sentAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/),
      },
    ],
  });
});

it('cannot take back what was said: the undo is refused', async () => {
  await send('o-2');
  expect(await notifications.asSaga(key('o-2'), '/saga-operations/undo')).toMatchObject({
    status: 409,
    json: { type: 'urn:amends:undo-refused:no-undo' },
  });
});

it('tells of a refund', async () => {
  expect((await send('o-refund', 'return-refunded')).status).toBe(200);
  const { json } = await notifications.ask('GET /notifications?orderId=o-refund');
  expect(json).toMatchObject({ items: [{ template: 'return-refunded' }] });
});

it('refuses a template that nobody knows', async () => {
  expect(await send('o-3', 'order-rejoiced')).toMatchObject({ status: 422, json: { errors: [{ path: 'template' }] } });
});

it('lists nothing of an unknown order, and asks which order is meant', async () => {
  const { json } = await notifications.ask('GET /notifications?orderId=o-unknown');
  expect(json).toEqual({ items: [] });
  expect(await notifications.ask('GET /notifications')).toMatchObject({ status: 422 });
});
