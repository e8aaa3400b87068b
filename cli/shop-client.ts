import { z } from 'zod';
import { Reservation, Stock } from '../contracts/inventory.ts';
import { OrderView, PlacedOrder, type Order } from '../contracts/orders.ts';
import { Ledger, Payment } from '../contracts/payments.ts';
import { SagaView, SagaList } from '@amends/contracts';
import { Shipment } from '../contracts/shipping.ts';
import type { SystemUrls } from 'amends/local';
import { HttpRefusal, request } from 'amends';

export type Placement = 'placed' | 'already there' | 'other content there';
export type Cancellation = 'requested' | 'already cancelled' | 'too late';
/** What a list and a view of a saga both tell. */
export type SagaSummary = Omit<SagaList['items'][number], 'step' | 'again'>;

/** Everything the commands ask of the services and the API. Reads follow every page. */
export type ShopClient = ReturnType<typeof createShopClient>;

/** The parts that the commands speak with. */
const PARTS = ['api', 'orders', 'inventory', 'payments', 'shipping'] as const;
type Part = (typeof PARTS)[number];

/** A list that ends in no sensible number of pages is a broken one. */
const MAX_PAGES = 10_000;
const Unread = z.unknown();

export const createShopClient = ({ api, services }: Pick<SystemUrls, 'api' | 'services'>) => {
  const urlOf = (part: Part): string => (part === 'api' ? api : services[part]) ?? '';
  const at = (part: Part, path: string, query: Readonly<Record<string, string>> = {}): string => {
    const url = new URL(urlOf(part).replace(/\/$/, '') + path);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url.href;
  };

  const list = async <T>(
    part: Part,
    path: string,
    item: z.ZodType<T>,
    query: Readonly<Record<string, string>> = {},
  ): Promise<T[]> => {
    const Page = z.object({ items: z.array(item), next: z.string().nullish() });
    const items: T[] = [];
    let cursor: string | null | undefined;
    for (let page = 0; page < MAX_PAGES; page++) {
      const { body } = await request('GET', at(part, path, { ...query, ...(cursor && { cursor }) }), Page);
      items.push(...body.items);
      cursor = body.next;
      if (!cursor) return items;
    }
    throw new Error(`${at(part, path)} answers more than ${MAX_PAGES} pages`);
  };

  const viewOf = (orderId: string): Promise<OrderView | undefined> =>
    orUndefined(request('GET', at('orders', `/orders/${encodeURIComponent(orderId)}`), OrderView));

  return {
    placeOrder: (order: Order): Promise<Placement> =>
      unlessConflict(
        request('POST', at('orders', '/orders'), PlacedOrder, order).then(({ status }): Placement =>
          status === 201 ? 'placed' : 'already there',
        ),
        'other content there',
      ),
    cancelOrder: async (orderId: string, reason: string): Promise<Cancellation> => {
      const requested = await unlessConflict(
        request('POST', at('orders', `/orders/${encodeURIComponent(orderId)}/cancel`), Unread, { reason }).then(
          () => true,
        ),
        false,
      );
      if (requested) return 'requested';
      return (await viewOf(orderId))?.status === 'cancelled' ? 'already cancelled' : 'too late';
    },
    order: viewOf,
    stock: (): Promise<Stock[]> => list('inventory', '/stock', Stock, { limit: '200' }),
    /** Puts goods on the shelf; false when some of them are reserved, so that nothing was put. */
    putStock: (sku: string, available: number): Promise<boolean> =>
      unlessConflict(
        request('PUT', at('inventory', `/stock/${encodeURIComponent(sku)}`), Unread, { available }).then(() => true),
        false,
      ),
    reservations: (orderId: string): Promise<Reservation[]> =>
      list('inventory', '/reservations', Reservation, { orderId }),
    payments: (orderId: string): Promise<Payment[]> => list('payments', '/payments', Payment, { orderId }),
    shipments: (orderId: string): Promise<Shipment[]> => list('shipping', '/shipments', Shipment, { orderId }),
    ledger: async (): Promise<Ledger['accounts']> =>
      (await request('GET', at('payments', '/ledger'), Ledger)).body.accounts,
    saga: (id: string): Promise<SagaView | undefined> =>
      orUndefined(request('GET', at('api', `/sagas/${encodeURIComponent(id)}`), SagaView)),
    sagas: (filter: Readonly<Record<string, string>>): Promise<SagaSummary[]> =>
      list('api', '/sagas', SagaList.shape.items.element, { limit: '20', ...filter }),
    /** Which parts are not ready, each with its address and why. */
    notReady: async (): Promise<string[]> => {
      const answers = await Promise.all(PARTS.map((part) => isReady(at(part, '/readyz'))));
      return PARTS.flatMap((part, i) => (answers[i] === undefined ? [] : [`${part} at ${urlOf(part)}: ${answers[i]}`]));
    },
  };
};

/** Undefined when the answer is 404. */
const orUndefined = async <T>(answer: Promise<{ body: T }>): Promise<T | undefined> =>
  answer.then(
    ({ body }) => body,
    (error: unknown) => {
      if (error instanceof HttpRefusal && error.status === 404) return undefined;
      throw error;
    },
  );

/** `no` when the answer is 409. */
const unlessConflict = async <A, B>(answer: Promise<A>, no: B): Promise<A | B> =>
  answer.catch((error: unknown) => {
    if (error instanceof HttpRefusal && error.status === 409) return no;
    throw error;
  });

const READY_TIMEOUT_MS = 5_000;

/** Undefined when it is, else why not. */
const isReady = async (url: string): Promise<string | undefined> => {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(READY_TIMEOUT_MS) });
    await response.body?.cancel();
    return response.ok ? undefined : `answers ${response.status}`;
  } catch (error) {
    return (error as Error).name === 'TimeoutError' ? 'does not answer in 5 s' : 'does not answer';
  }
};
