import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Order } from '../../contracts/orders.ts';
import { createPlacedDay, placeDay } from './place-day.ts';
import type { ShopAct } from './shop-day.ts';

const place = (orderId: string): ShopAct => ({
  kind: 'place',
  order: {
    orderId,
    customerId: 'c',
    currency: 'GBP',
    lines: [{ sku: '71053', quantity: 1, unitPrice: 1 }],
    shipTo: { country: 'GB' },
    paymentToken: 'tok_ok',
  },
});
const cancel = (orderId: string): ShopAct => ({ kind: 'cancel', orderId, reason: 'C1' });

describe('placeDay', () => {
  it('asks for a cancel only after its order is there, and never for an order of somebody else', async () => {
    const asked: string[] = [];
    const client = {
      placeOrder: async ({ orderId }: Order) => {
        await sleep(orderId === 'slow' ? 50 : 1);
        asked.push(`place ${orderId}`);
        return orderId === 'old'
          ? ('already there' as const)
          : orderId === 'foreign'
            ? ('other content there' as const)
            : ('placed' as const);
      },
      cancelOrder: (orderId: string) => {
        asked.push(`cancel ${orderId}`);
        return Promise.resolve('requested' as const);
      },
    };
    const day = createPlacedDay();
    const there: string[] = [];
    const acts = [place('slow'), cancel('slow'), place('old'), place('foreign'), cancel('foreign')];
    await placeDay(client, acts, { day, parallel: 4, onPlaced: (orderId) => there.push(orderId) });
    expect(asked.filter((act) => act.endsWith('slow'))).toEqual(['place slow', 'cancel slow']);
    expect(asked).not.toContain('cancel foreign');
    expect(there.toSorted()).toEqual(['old', 'slow']);
    expect(day.foreign).toEqual(['foreign']);
    expect(Object.fromEntries(day.placements.entries())).toEqual({
      placed: 1,
      'already there': 1,
      'other content there': 1,
    });
    expect(day.cancellations.count('requested')).toBe(1);
  });
});
