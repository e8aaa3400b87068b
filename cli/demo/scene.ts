import type { Order, OrderStatus } from '../../contracts/orders.ts';
import type { Cause, SagaEnd } from '@amends/contracts';

/** One order of the demo, and how it must end. */
export interface Scene {
  /** At most 9 letters: the head of a narrow column. */
  readonly name: string;
  readonly story: string;
  readonly order: Order;
  /** The order is cancelled, at the orders service, as soon as this step runs. */
  readonly cancelDuring?: string;
  readonly must: {
    readonly end: SagaEnd;
    readonly status: OrderStatus;
    /** Of a cancelled saga the step is left open: it says only where the cancel found it. */
    readonly cause: { readonly step?: string; readonly outcome: Cause['outcome']; readonly code: string } | null;
  };
}

/** Pieces on the shelf, and what orders ask for. */
const ON_THE_SHELF = 100;
const ORDERED = 2;
const UNIT_PRICE = 900;

/** The shelf that the scenes need. */
export const demoShelf = (run: string): ReadonlyMap<string, number> =>
  new Map([
    [mugOf(run), ON_THE_SHELF],
    [lampOf(run), ORDERED - 1],
  ]);

const mugOf = (run: string): string => `mug-${run}`;
const lampOf = (run: string): string => `lamp-${run}`;

const confirmed: Scene['must'] = { end: 'completed', status: 'confirmed', cause: null };
const refused = (step: string, code: string): Scene['must'] => ({
  end: 'compensated',
  status: 'rejected',
  cause: { step, outcome: 'refused', code },
});

/** The six orders of one demo; `run` makes their ids and goods unlike those of every other run. */
export const demoScenes = (run: string): Scene[] => {
  const order = (
    name: string,
    { sku = mugOf(run), country = 'DE', card = 'tok_ok' }: { sku?: string; country?: string; card?: string },
  ): Order => ({
    orderId: `${run}-${name}`,
    customerId: 'demo',
    currency: 'EUR',
    lines: [{ sku, quantity: ORDERED, unitPrice: UNIT_PRICE }],
    shipTo: { country },
    paymentToken: card,
  });
  return [
    { name: 'fine', story: 'everything goes well', order: order('fine', {}), must: confirmed },
    {
      name: 'declined',
      story: 'the bank declines the card',
      order: order('declined', { card: 'tok_declined' }),
      must: refused('authorizePayment', 'declined'),
    },
    {
      name: 'no stock',
      story: 'asks for more than is on the shelf',
      order: order('no-stock', { sku: lampOf(run) }),
      must: refused('reserveStock', 'out-of-stock'),
    },
    {
      name: 'embargo',
      story: 'goes to a country that is not served',
      order: order('embargo', { country: 'CU' }),
      must: refused('bookShipment', 'country-not-served'),
    },
    {
      name: 'no answer',
      story: 'the payment service commits, and its answer is lost',
      order: order('no-answer', { card: 'tok_answer_lost' }),
      must: confirmed,
    },
    {
      name: 'cancelled',
      story: 'the customer cancels while a slow card is being authorized',
      order: order('cancelled', { card: 'tok_slow' }),
      cancelDuring: 'authorizePayment',
      must: { end: 'cancelled', status: 'cancelled', cause: { outcome: 'cancelled', code: 'cancelled' } },
    },
  ];
};
