import { Client } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleOrder } from '../../contracts/orders.ts';
import { SagaStart } from '../../packages/contracts/src/saga-start.ts';
import type { Trigger } from '../../packages/contracts/src/saga-view.ts';
import { sagaTimes } from '../../packages/runtime/src/times.ts';
import { freshNamespace } from '../namespace.ts';
import { INPUT_LIMIT_BYTES } from '../../packages/contracts/src/protocol/limits.ts';
import { startSaga } from '../../packages/client/src/starts/start-saga.ts';
import type { SagaTemporal } from '../../packages/client/src/known-sagas.ts';
import { shopTemporal } from '../the-shop.ts';

let space: Awaited<ReturnType<typeof freshNamespace>>;
beforeAll(async () => {
  space = await freshNamespace();
});
afterAll(() => space?.close());

const trigger: Trigger = { kind: 'event', id: 'e-1', type: 'shop.order.placed.v1', source: '/test' };
const times = sagaTimes.parse('{"fulfilOrder":{"deadline":"5 minutes"},"fulfilOrder.shipStock":{"budget":"1s"}}');
const newOrder = () => ({ ...exampleOrder, orderId: `o-${randomUUID()}` });
const start = (input: unknown, client: SagaTemporal = space.client) =>
  startSaga(client, { saga: 'fulfilOrder', input, trigger, times });

describe('startSaga', () => {
  it('S10: starts a workflow that says what it is and never times out', async () => {
    const order = newOrder();
    const started = await start(order);
    const id = `fulfilOrder:${order.orderId}`;
    expect(started).toMatchObject({ id, key: order.orderId, outcome: 'started' });

    const saga = space.client.workflow.getHandle(id);
    const described = await saga.describe();
    expect(described).toMatchObject({
      type: 'fulfilOrder',
      taskQueue: 'amends',
      memo: { fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) },
      searchAttributes: { SagaStatus: ['running'], SagaKey: [order.orderId] },
    });
    expect(await described.staticSummary()).toBe(`${order.orderId}, started by shop.order.placed.v1`);
    const { workflowExecutionTimeout, workflowRunTimeout, workflowTaskTimeout, input } =
      (await saga.fetchHistory()).events?.[0]?.workflowExecutionStartedEventAttributes ?? {};
    const seconds = [workflowExecutionTimeout, workflowRunTimeout, workflowTaskTimeout].map((one) =>
      Number(one?.seconds ?? 0),
    );
    expect(seconds).toEqual([0, 0, 5]);
    const args = (input?.payloads ?? []).map(({ data }) => JSON.parse(Buffer.from(data ?? []).toString()) as unknown);
    expect(args[0]).toEqual(order);
    expect(SagaStart.parse(args[1])).toMatchObject({
      trigger,
      times: { deadline: 300_000, steps: { shipStock: { budget: 1_000 } } },
    });
  });

  it('E3: the same input is a duplicate, another a conflict, also once the saga has closed', async () => {
    const order = newOrder();
    const { id } = await start(order);
    const outcomes = async () => [
      (await start({ ...order })).outcome,
      (await start({ ...order, customerId: 'c-2' })).outcome,
    ];
    expect(await outcomes()).toEqual(['duplicate', 'conflict']);
    await space.client.workflow.getHandle(id).terminate();
    expect(await outcomes()).toEqual(['duplicate', 'conflict']);
  });

  it('E3: of many starts at once exactly one starts', async () => {
    const order = newOrder();
    const outcomes = (await Promise.all(Array.from({ length: 20 }, () => start(order)))).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'started')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'duplicate')).toHaveLength(19);
  });

  it('S15: an input over the limit is refused before it is sent', async () => {
    const order = { ...newOrder(), shipTo: { country: 'DE', note: 'é'.repeat(INPUT_LIMIT_BYTES / 2) } };
    await expect(start(order)).rejects.toMatchObject({ name: 'PayloadTooLarge' });
    const saga = space.client.workflow.getHandle(`fulfilOrder:${order.orderId}`);
    await expect(saga.describe()).rejects.toMatchObject({ name: 'WorkflowNotFoundError' });
  });

  it('is unavailable while the namespace, or its search attributes, are not there yet', async () => {
    const { connection } = space.client;
    const namespace = `test-${randomUUID()}`;
    const client = shopTemporal(new Client({ connection, namespace }));
    await expect(start(newOrder(), client)).rejects.toMatchObject({ name: 'Unavailable' });
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: msToTs('1 day'),
    });
    await expect
      .poll(() => start(newOrder(), client).catch((error: Error) => error.message), { timeout: 15_000 })
      .toMatch(/search attribute/i);
    await expect(start(newOrder(), client)).rejects.toMatchObject({ name: 'Unavailable' });
  });

  it('knows no other sagas', async () => {
    const starting = startSaga(space.client, { saga: 'toString', input: {}, trigger, times });
    await expect(starting).rejects.toThrow('there is no saga called toString');
  });
});
