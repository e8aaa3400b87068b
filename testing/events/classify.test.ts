import { describe, expect, it } from 'vitest';
import { events } from '../../contracts/events.ts';
import { classifyBy } from '../../packages/events/src/edge/classify.ts';
import { parseStructured } from '../../packages/events/src/edge/parse-event.ts';

const classify = classifyBy(events);
const event = {
  specversion: '1.0',
  id: 'e-1',
  source: '/shop/orders',
  type: 'shop.order.cancel-requested.v1',
  data: { orderId: 'o-1', reason: 'changed my mind' },
};
const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
const withMore = (more: string) =>
  classify(parseStructured(JSON.stringify(event).replace('"reason":', `"more":${more},"reason":`)));
const members = (count: number): string =>
  JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, n) => [`x${n}`, 1])));

describe('data of an event', () => {
  it.each([
    ['over 100 levels deep', nested(100), 'is over 100 levels deep'],
    ['thousands of levels deep', nested(400_000), 'is over 100 levels deep'],
    ['a list of more than 10,000', JSON.stringify(Array(10_001).fill(1)), 'has a list of more than 10000 entries'],
    ['an object of more than 10,000', members(10_001), 'has a list of more than 10000 entries'],
  ])('E5: %s is wrong, and no schema looks into it', (_, more, message) => {
    expect(withMore(more)).toMatchObject({
      usable: false,
      reason: 'invalid',
      id: 'e-1',
      issues: [{ path: 'data', message }],
    });
  });

  it('E5: is read at 100 levels and with 10,000 entries', () => {
    expect(withMore(nested(99))).toMatchObject({ usable: true });
    expect(withMore(JSON.stringify(Array(10_000).fill(1)))).toMatchObject({ usable: true });
  });

  it('E5: extensions may be many, and the first that is none is named', () => {
    const many = Object.fromEntries(Array.from({ length: 60_000 }, (_, n) => [`x${n}`, n % 2 ? 'text' : n]));
    expect(parseStructured(JSON.stringify({ ...event, ...many })).event).toMatchObject({ ...event, x59999: 'text' });
    for (const wrong of [{}, 1.5, 2 ** 31, 'a\u0007']) {
      expect(parseStructured(JSON.stringify({ ...event, ...many, wrong }))).toMatchObject({
        why: 'the attribute wrong is neither text, nor a boolean, nor a 32-bit integer',
      });
    }
  });
});
