import { expect, it } from 'vitest';
import type { Stock } from '../../contracts/inventory.ts';
import type { Order } from '../../contracts/orders.ts';
import { stockShelves } from './stock-shelves.ts';

const orderOf = (...skus: string[]): Order => ({
  orderId: 'o',
  customerId: 'c',
  currency: 'GBP',
  lines: skus.map((sku) => ({ sku, quantity: 1, unitPrice: 1 })),
  shipTo: { country: 'GB' },
  paymentToken: 'tok_ok',
});

it('counts what somebody else put meanwhile as already there, with what stands there', async () => {
  const shelf: Stock[] = [{ sku: 'old', available: 4, reserved: 1, shipped: 2 }];
  const client = {
    stock: () => Promise.resolve([...shelf]),
    putStock: (sku: string, available: number) => {
      const taken = sku === 'raced';
      shelf.push(taken ? { sku, available: 40, reserved: 2, shipped: 0 } : { sku, available, reserved: 0, shipped: 0 });
      return Promise.resolve(!taken);
    },
  };
  const shelves = await stockShelves(client, [orderOf('old', 'new', 'raced'), orderOf('new')], 10, 1);
  expect(shelves).toEqual({
    initial: new Map([
      ['old', 7],
      ['new', 10],
      ['raced', 42],
    ]),
    put: 1,
    alreadyThere: 2,
  });
});
