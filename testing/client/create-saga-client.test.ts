import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shop } from '../../contracts/app.ts';
import catalog from '../../contracts/catalog.json' with { type: 'json' };
import { exampleOrder } from '../../contracts/orders.ts';
import { createSagaClient, type SagaClient } from '../../packages/client/src/index.ts';
import { freshNamespace } from '../namespace.ts';
import { startScriptedWorkers } from '../scripted-services.ts';

const ENDED_WITHIN_MS = 20_000;

let space: Awaited<ReturnType<typeof freshNamespace>>;
let workers: Awaited<ReturnType<typeof startScriptedWorkers>>;
let client: SagaClient<typeof shop>;
beforeAll(async () => {
  space = await freshNamespace();
  workers = await startScriptedWorkers(space.client, space.address);
  client = createSagaClient({ temporal: space.client, app: shop, catalog });
});
afterAll(async () => {
  await workers?.close();
  await space?.close();
});

describe('the client of an application', () => {
  it('S10: starts a saga once, shows it, waits for its end, and lists it', async () => {
    const order = { ...exampleOrder, orderId: `o-${randomUUID()}` };
    const started = await client.start('fulfilOrder', order);
    expect(started).toMatchObject({ outcome: 'started', id: `fulfilOrder:${order.orderId}`, key: order.orderId });
    expect(await client.start('fulfilOrder', order)).toMatchObject({ outcome: 'duplicate' });
    await client.waitForEnd(started.id, ENDED_WITHIN_MS);
    expect(await client.view(started.id)).toMatchObject({ status: 'completed' });
    await expect
      .poll(async () => (await client.list({ key: order.orderId }, { limit: 10 })).items.map(({ id }) => id), {
        timeout: ENDED_WITHIN_MS,
      })
      .toEqual([started.id]);
    expect(await client.cancel(started.id, { actor: 'a test', reason: 'too late' })).toBe('closed');
  });

  it('says of a saga that is not there that it is not', async () => {
    expect(await client.view('fulfilOrder:none')).toBeUndefined();
    expect(await client.cancel('fulfilOrder:none', { actor: 'a test', reason: 'none' })).toBe('unknown');
  });

  it('refuses times of a saga that there is not', () => {
    const times = { entries: { fulfilOrders: { deadline: 1_000 } } };
    expect(() => createSagaClient({ temporal: space.client, app: shop, catalog, times })).toThrow(
      /there is no saga fulfilOrders/,
    );
  });

  it('knows the sagas and their inputs when it is compiled', () => {
    const neverCalled = (one: SagaClient<typeof shop>): void => {
      // @ts-expect-error no such saga
      void one.start('fulfilOrders', exampleOrder);
      // @ts-expect-error another saga's input
      void one.start('returnOrder', exampleOrder);
    };
    expect(neverCalled).toBeTypeOf('function');
  });
});
