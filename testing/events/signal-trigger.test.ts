import { randomUUID } from 'node:crypto';
import { defaultPayloadConverter } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventMessage } from '../../packages/contracts/src/saga-messages.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import { freshNamespace } from '../namespace.ts';
import { createDispatcher } from '../../packages/api/src/triggers/dispatcher.ts';
import type { Dispatcher } from '../../packages/events/src/edge/dispatch.ts';
import type { KnownEvent } from '../../packages/events/src/edge/known-event.ts';
import { shopApi } from '../the-shop.ts';

const log = createLog('test', 'silent');
const lines = [{ sku: 'mug', quantity: 2 }];

let temporal: Awaited<ReturnType<typeof freshNamespace>>;
let dispatcher: Dispatcher;
beforeAll(async () => {
  temporal = await freshNamespace();
  dispatcher = createDispatcher({ triggers: shopApi.triggers, temporal: temporal.client, times: { entries: {} }, log });
});
afterAll(() => temporal.close());

const requested = (orderId: string): KnownEvent => ({
  type: 'shop.return.requested.v1',
  id: randomUUID(),
  source: '/test',
  subject: orderId,
  data: {
    orderId,
    customerId: 'c-1',
    reason: 'too small',
    lines,
    amount: { amount: 1800, currency: 'EUR' },
    shipFrom: { country: 'DE' },
  },
});
const received = (orderId: string): KnownEvent => ({
  type: 'shop.return.received.v1',
  id: randomUUID(),
  source: '/test',
  subject: orderId,
  data: { orderId, lines, condition: 'as-new' },
});
const newOrderId = () => `o-${randomUUID()}`;
const handleOf = (orderId: string) => temporal.client.workflow.getHandle(`returnOrder:${orderId}`);

/** What signals a saga's history has, in their order. */
const signalsOf = async (orderId: string) => {
  const { events = [] } = await handleOf(orderId).fetchHistory();
  return (events ?? []).flatMap(({ workflowExecutionSignaledEventAttributes: signalled }) => {
    const [payload] = signalled?.input?.payloads ?? [];
    return signalled && payload
      ? [{ name: signalled.signalName, message: defaultPayloadConverter.fromPayload<EventMessage>(payload) }]
      : [];
  });
};

describe('an event that signals a saga', () => {
  it('S11 E2: is accepted once Temporal has it in the saga’s history, though no worker runs', async () => {
    const orderId = newOrderId();
    expect(await dispatcher.dispatch(requested(orderId))).toMatchObject({ outcome: 'accepted' });
    const came = received(orderId);
    expect(await dispatcher.dispatch(came)).toEqual({ outcome: 'accepted', problem: null });
    const { id, source, type, data } = came;
    const event = { event: { specversion: '1.0', ...came }, at: null };
    expect(await signalsOf(orderId)).toEqual([{ name: 'event', message: { id, source, type, data, event } }]);
  });

  it('E3: a repeat of a return request starts nothing, and another one for the same order is a conflict', async () => {
    const orderId = newOrderId();
    const first = requested(orderId);
    expect(await dispatcher.dispatch(first)).toMatchObject({ outcome: 'accepted' });
    expect(await dispatcher.dispatch(first)).toMatchObject({ outcome: 'duplicate' });
    const other = { ...first, data: { ...(first.data as object), reason: 'changed my mind' } } as KnownEvent;
    expect(await dispatcher.dispatch(other)).toMatchObject({ outcome: 'conflict', problem: { status: 409 } });
  });

  it('E4: is late once its saga has ended', async () => {
    const orderId = newOrderId();
    await dispatcher.dispatch(requested(orderId));
    await handleOf(orderId).terminate('a test');
    const came = received(orderId);
    const late = { saga: `returnOrder:${orderId}`, why: 'closed' };
    expect(await dispatcher.dispatch(came)).toEqual({ outcome: 'late', problem: null, late });
    expect(await signalsOf(orderId)).toEqual([]);
  });

  it('E4: that its saga has had is a duplicate after the end; one of another id, or of another source, is late', async () => {
    const orderId = newOrderId();
    await dispatcher.dispatch(requested(orderId));
    const came = received(orderId);
    await dispatcher.dispatch(came);
    await handleOf(orderId).terminate('a test');
    expect(await dispatcher.dispatch(came)).toEqual({ outcome: 'duplicate', problem: null });
    expect(await dispatcher.dispatch({ ...came, id: randomUUID() })).toMatchObject({ outcome: 'late' });
    expect(await dispatcher.dispatch({ ...came, source: '/other' })).toMatchObject({ outcome: 'late' });
  });

  it('E4: that waited in vain for the start of its saga is late, though its run had it', async () => {
    const orderId = newOrderId();
    const came = received(orderId);
    await dispatcher.dispatch(came);
    await handleOf(orderId).terminate('a test');
    expect(await dispatcher.dispatch(came)).toMatchObject({ outcome: 'late' });
  });

  it('E4: is kept when it comes before its saga, without a worker, and found there once the saga has begun', async () => {
    const orderId = newOrderId();
    const came = received(orderId);
    expect(await dispatcher.dispatch(came)).toEqual({ outcome: 'accepted', problem: null });
    expect(await dispatcher.dispatch(came)).toEqual({ outcome: 'accepted', problem: null });
    const { id, source, type, data } = came;
    expect((await signalsOf(orderId))[0]).toMatchObject({ name: 'event', message: { id, source, type, data } });
    const asked = requested(orderId);
    expect(await dispatcher.dispatch(asked)).toMatchObject({ outcome: 'accepted' });
    expect(await dispatcher.dispatch({ ...asked, id: randomUUID() })).toMatchObject({ outcome: 'duplicate' });
    expect((await signalsOf(orderId)).map(({ name }) => name)).toEqual(['event', 'event', 'begin']);
  });
});
