import { describe, expect, it } from 'vitest';
import { bookHoliday } from './after/book-holiday.ts';
import { createApp } from './after/cars.ts';
import { bookHoliday as contract, holidays } from './after/contracts.ts';

const { name, steps, flow } = bookHoliday.definition;

/** Steps that note that they were called, and answer as their contracts' examples do. */
const noting = (called: string[]): unknown =>
  new Proxy(
    {},
    {
      get: (_, step) => async () => {
        if (typeof step === 'string') called.push(step);
        return { carId: 'c-1', roomId: 'r-1', chargeId: 'p-1', mailId: 'm-1' };
      },
    },
  );

describe('the saga on Amends', () => {
  it('is a saga of its contracts, each compensable step with the undo that its service names', () => {
    expect(Object.keys(holidays.sagas)).toContain(name);
    expect(Object.entries(steps).map(([step, { kind }]) => `${step} ${kind}`)).toEqual([
      'reserveCar compensable',
      'bookRoom compensable',
      'chargeCard pivot',
      'sendItinerary retriable',
    ]);
    expect(createApp).toBeTypeOf('function');
  });

  it('calls in the same order as before', async () => {
    const called: string[] = [];
    const { example, exampleResult } = contract;
    const run = flow as (input: unknown, step: unknown, saga: unknown) => Promise<unknown>;
    expect(await run(example, noting(called), {})).toEqual(exampleResult);
    expect(called).toEqual(Object.keys(steps));
  });
});
