import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { expect, vi } from 'vitest';
import type { z } from 'zod';
import { Payment } from '../contracts/payments.ts';
import { Reservation, Stock } from '../contracts/inventory.ts';
import { type Order, OrderView } from '../contracts/orders.ts';
import { SagaView } from '../packages/contracts/src/saga-view.ts';
import { Shipment } from '../contracts/shipping.ts';
import { startSystem, type SystemUrls } from '../packages/amends/src/local/index.ts';
import { readRun } from '../packages/amends/src/local/state/run-file.ts';
import { ownPorts, ownState } from './own-system.ts';
import { shopConfig } from './the-shop.ts';

export const ENDED_WITHIN_MS = 60_000;

/** What the shop has of an order that was fulfilled. */
export const FULFILLED = { payments: ['captured'], reservations: ['shipped'], shipments: ['booked'] };

type Part = 'api' | 'orders' | 'inventory' | 'payments' | 'shipping';

/** Everything that `npm start` starts, on ports and in a folder of its own. @param variables what it is started with besides */
export const startSystemUnderTest = async (variables: Readonly<Record<string, string>>) => {
  const state = await ownState();
  const config = shopConfig({ AMENDS_STATE_DIR: state, ...(await ownPorts()), ...variables });
  const system = await startSystem(config, { progress: 'quiet' });
  const urls: SystemUrls = system.urls;

  const ask = (part: Part, method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    fetch(`${part === 'api' ? urls.api : urls.services[part]}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });

  /** The processes that run. */
  const processes = () => readRun(state)?.processes ?? [];

  /** SIGKILL. */
  const kill = (name: string): void => {
    const pid = processes().find((one) => one.name === name)?.pid;
    if (pid === undefined) throw new Error(`${name} does not run`);
    process.kill(pid, 'SIGKILL');
  };

  /** An order of goods that are on the shelf. */
  const anOrder = async (changes: Partial<Order> = {}): Promise<Order> => {
    const orderId = `e2e-${randomUUID().slice(0, 8)}`;
    const sku = `mug-${orderId}`;
    expect((await ask('inventory', 'PUT', `/stock/${sku}`, { available: 10 })).status).toBe(200);
    return {
      orderId,
      customerId: 'c-1',
      currency: 'EUR',
      lines: [{ sku, quantity: 2, unitPrice: 900 }],
      shipTo: { country: 'DE' },
      paymentToken: 'tok_ok',
      ...changes,
    };
  };

  const placed = async (changes: Partial<Order> = {}): Promise<Order> => {
    const order = await anOrder(changes);
    expect((await ask('orders', 'POST', '/orders', order)).status).toBe(201);
    return order;
  };

  const orderUntil = (orderId: string, status: OrderView['status']): Promise<OrderView> =>
    vi.waitFor(
      async () => {
        const view = await read(OrderView, ask('orders', 'GET', `/orders/${orderId}`));
        expect(view.status).toBe(status);
        return view;
      },
      { timeout: ENDED_WITHIN_MS, interval: 200 },
    );

  const sagaOf = (orderId: string): Promise<SagaView> =>
    read(SagaView, ask('api', 'GET', `/sagas/fulfilOrder:${orderId}`));

  const itemsOf = async (part: Part, path: string, orderId: string): Promise<unknown[]> => {
    const { items } = (await (await ask(part, 'GET', `${path}?orderId=${orderId}`)).json()) as { items: unknown[] };
    return items;
  };

  /** What the shop has of an order, and of its one SKU. */
  const effectsOf = async ({ orderId, lines }: Order) => {
    const states = async (part: Part, path: string, schema: z.ZodType<{ state: string }>): Promise<string[]> =>
      (await itemsOf(part, path, orderId)).map((item) => schema.parse(item).state);
    return {
      payments: await states('payments', '/payments', Payment),
      reservations: await states('inventory', '/reservations', Reservation),
      shipments: await states('shipping', '/shipments', Shipment),
      stock: await read(Stock, ask('inventory', 'GET', `/stock/${lines[0]?.sku ?? ''}`)),
    };
  };

  /** Asks for a confirmed order to be taken back, and approves of it. */
  const returnAsked = async (orderId: string): Promise<void> => {
    expect((await ask('orders', 'POST', `/orders/${orderId}/returns`, { reason: 'too small' })).status).toBe(202);
    const approval = `/sagas/returnOrder:${orderId}/approvals/approveReturn`;
    await vi.waitFor(
      async () => {
        const decided = { decision: 'approved', reason: 'it is too small' };
        expect((await ask('api', 'POST', approval, decided)).status).toBe(202);
      },
      { timeout: ENDED_WITHIN_MS, interval: 200 },
    );
  };

  return {
    urls,
    state,
    temporal: `127.0.0.1:${config.TEMPORAL_PORT}`,
    nats: `nats://127.0.0.1:${config.NATS_PORT}`,
    ask,
    processes,
    kill,
    anOrder,
    placed,
    orderUntil,
    sagaOf,
    itemsOf,
    effectsOf,
    returnAsked,
    close: async () => {
      await system.close();
      await rm(state, { recursive: true, force: true });
    },
  };
};

export type SystemUnderTest = Awaited<ReturnType<typeof startSystemUnderTest>>;

export const read = async <T>(schema: z.ZodType<T>, answer: Promise<Response> | Response): Promise<T> =>
  schema.parse(await (await answer).json());
