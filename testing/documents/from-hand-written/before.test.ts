import { beforeEach, describe, expect, it, vi } from 'vitest';
import { bookHoliday } from './before/workflows.ts';

type Call = (...args: readonly unknown[]) => Promise<unknown>;

/** What the services have been asked, and have done. */
const called = vi.hoisted((): string[] => []);
const failing = vi.hoisted(() => new Map<string, 'before' | 'after'>());

vi.mock('@temporalio/workflow', () => ({
  log: { info: () => {}, error: () => {} },
  proxyActivities: (): Record<string, Call> =>
    new Proxy<Record<string, Call>>(
      {},
      {
        get: (_, name: string) => async () => {
          if (failing.get(name) === 'before') throw new Error(`${name}: connection refused`);
          called.push(name);
          if (failing.get(name) === 'after') throw new Error(`${name}: the answer was lost`);
          return { carId: 'c-1', roomId: 'r-1', chargeId: 'p-1' };
        },
      },
    ),
}));

const holiday = { bookingId: 'h-1', customer: 'A. Person', hotel: 'Harbour', nights: 7, price: 90_000, card: 'tok_1' };
const failed = async (): Promise<string[]> => {
  await expect(bookHoliday(holiday)).rejects.toThrow(/lost|refused/);
  return called;
};

describe('the saga as it is written by hand', () => {
  beforeEach(() => {
    called.length = 0;
    failing.clear();
  });

  it('completes', async () => {
    expect(await bookHoliday(holiday)).toEqual({ chargeId: 'p-1' });
  });

  it('leaves a room booked whose answer was lost', async () => {
    failing.set('bookRoom', 'after');
    expect(await failed()).toEqual(['reserveCar', 'bookRoom', 'returnCar']);
  });

  it('leaves a charge whose answer was lost', async () => {
    failing.set('chargeCard', 'after');
    expect(await failed()).not.toContain('refundCard');
  });

  it('forgets a compensation that fails', async () => {
    failing.set('chargeCard', 'before').set('cancelRoom', 'before');
    expect(await failed()).toEqual(['reserveCar', 'bookRoom', 'returnCar']);
  });

  it('gives the money back for a mail that could not be sent', async () => {
    failing.set('sendItinerary', 'before');
    expect(await failed()).toContain('refundCard');
  });
});
