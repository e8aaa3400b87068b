import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exampleOrder } from '../../../contracts/orders.ts';
import { acceptedEvent, endEvent, eventsOfOrder, placedEvent, returnedEvent } from '../../../testing/order-events.ts';
import { orderReleased } from '../order-released.ts';
import { factOf, type HeardEvent } from './fact-of.ts';
import { rowOf } from './row-of.ts';

const orderId = 'o-1';
const at = (second: number): string => new Date(Date.UTC(2026, 0, 31, 8, 26, second)).toISOString();
const factsOf = (events: readonly HeardEvent[]) => events.flatMap((event) => factOf(event) ?? []);
const row = (...events: HeardEvent[]) => rowOf(orderId, factsOf(events));
const history = (...events: HeardEvent[]) => row(...events)?.history.map(({ status }) => status);

const placed = placedEvent(exampleOrder, at(0));
const accepted = (saga: 'fulfilOrder' | 'fulfilSplitOrder', ordinal: number, second = ordinal) =>
  acceptedEvent(exampleOrder, { saga, ordinal, time: at(second) });
const released = (ordinal: number) => orderReleased({ orderId, ordinal, at: new Date(at(ordinal)) });

describe('the row of an order', () => {
  it('E6: is the same in whatever order its events become known, some of them several times', () => {
    const known = eventsOfOrder(orderId).chain((events) =>
      fc.record({
        events: fc.constant(events),
        heard: fc.array(fc.nat({ max: Math.max(0, events.length - 1) }), { maxLength: 6 }).chain((again) => {
          const all = [...events, ...again.flatMap((n) => events[n] ?? [])];
          return fc.shuffledSubarray(all, { minLength: all.length });
        }),
      }),
    );
    fc.assert(
      fc.property(known, ({ events, heard }) => {
        const expected = JSON.stringify(rowOf(orderId, factsOf(events)));
        expect(JSON.stringify(rowOf(orderId, factsOf(heard)))).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  it('has its times from the events, and none of them before the one that it follows', () => {
    fc.assert(
      fc.property(eventsOfOrder(orderId), (events) => {
        const times = (row(...events)?.history ?? []).map((entry) => entry.at);
        expect(times).toEqual(times.toSorted());
        const told = factsOf(events).map(({ fact }) => fact.at);
        expect(times.filter((time) => !told.includes(time))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('is placed, accepted, confirmed; with the tracking numbers of all its parcels', () => {
    const all = [placed, accepted('fulfilSplitOrder', 1), endEvent(orderId, 'fulfilSplitOrder', 'completed', at(2))];
    expect(row(...all)).toEqual({
      orderId,
      status: 'confirmed',
      reason: null,
      trackingNumber: 'T1, T2',
      currency: 'EUR',
      lines: exampleOrder.lines,
      total: 1800,
      history: [
        { at: at(0), status: 'placed' },
        { at: at(1), status: 'accepted' },
        { at: at(2), status: 'confirmed' },
      ],
      placedAt: at(0),
    });
  });

  it('begins as placed when it was accepted without ever having been placed', () => {
    expect(row(accepted('fulfilOrder', 1))).toMatchObject({ status: 'accepted', total: 1800, placedAt: at(1) });
    expect(history(accepted('fulfilOrder', 1))).toEqual(['placed', 'accepted']);
  });

  it('is ended by the saga that accepted it last, and by no other', () => {
    const first = [placed, accepted('fulfilOrder', 1), released(1)];
    const late = endEvent(orderId, 'fulfilOrder', 'compensated', at(9));
    expect(row(...first, late)).toMatchObject({ status: 'rejected', reason: 'out-of-stock' });
    const second = [...first, accepted('fulfilSplitOrder', 2), late];
    expect(history(...second)).toEqual(['placed', 'accepted', 'placed', 'accepted']);
    const completed = endEvent(orderId, 'fulfilSplitOrder', 'completed', at(3));
    expect(row(...second, completed)).toMatchObject({ status: 'confirmed', reason: null });
  });

  it('is returned after it was confirmed, whichever is heard first; never when it was rejected', () => {
    const back = returnedEvent(orderId, at(1));
    const confirmed = endEvent(orderId, 'fulfilOrder', 'completed', at(2));
    expect(row(back, placed)).toMatchObject({ status: 'returned' });
    expect(row(back, confirmed, placed)).toMatchObject({ status: 'returned', trackingNumber: 'T1' });
    expect(history(back, confirmed, placed)).toEqual(['placed', 'confirmed', 'returned']);
    const rejected = endEvent(orderId, 'fulfilOrder', 'compensated', at(2));
    expect(row(back, rejected, placed)).toMatchObject({ status: 'rejected' });
  });

  it('is none while nothing says what is in the order', () => {
    expect(row(endEvent(orderId, 'fulfilOrder', 'cancelled', at(0)))).toBeUndefined();
  });
});

describe('an event says nothing of the order', () => {
  it.each([
    ['that is a request', 'shop.order.cancel-requested.v1', { orderId, reason: 'why not' }],
    ['of a return that came to nothing', 'returnOrder.compensated.v1', returnedEvent(orderId, at(0)).data],
    ['of one placed elsewhere', 'shop.order.placed.v1', exampleOrder],
  ])('%s', (_, type, data) => {
    const source = type === 'shop.order.placed.v1' ? '/elsewhere' : '/services/orders';
    expect(factOf({ ...placed, type, source, data } as HeardEvent)).toBeUndefined();
  });

  it('that could not be kept: text without NUL and halves of surrogate pairs is', () => {
    const end = endEvent(orderId, 'fulfilOrder', 'compensated', at(0));
    const data = { ...end.data, cause: { step: null, outcome: 'refused', code: 'a\0b\uD800', message: 'no' } };
    expect(factOf({ ...end, data } as HeardEvent)?.fact).toMatchObject({ reason: 'a\uFFFDb\uFFFD' });
  });
});
