import { describe, expect, it } from 'vitest';
import { makePlan } from './plan.ts';
import { STRUCK } from './plan-strikes.ts';
import { POISON_KINDS } from './poison.ts';

const EVENTS = 2_000;
const { sendings, strikes } = makePlan({ events: EVENTS, seed: 7 });
const count = (of: (sending: (typeof sendings)[number]) => boolean): number => sendings.filter(of).length;

describe('the plan of a soak', () => {
  it('is made of its seed alone', () => {
    expect(makePlan({ events: EVENTS, seed: 7 })).toEqual({ events: EVENTS, seed: 7, sendings, strikes });
    expect(makePlan({ events: EVENTS, seed: 8 }).sendings).not.toEqual(sendings);
  });

  it('has as many events as it was asked for: a tenth sent twice, a twentieth out of order, one in a hundred poison of every kind', () => {
    const far = count(({ again }) => again) * 0.15;
    expect(sendings).toHaveLength(EVENTS);
    expect(count(({ again }) => again)).toBe(EVENTS * 0.1);
    expect(count((one) => 'early' in one && one.early && !one.again) + far).toBe(EVENTS * 0.05);
    expect(count(({ what }) => what === 'poison')).toBe(EVENTS * 0.01);
    expect(new Set(sendings.flatMap((one) => (one.what === 'poison' ? [one.kind] : [])))).toEqual(
      new Set(POISON_KINDS),
    );
  });

  it('lets each come after what it must come after, and an early cancel before its order', () => {
    expect(sendings.filter(({ after }, place) => after !== null && after >= place)).toEqual([]);
    const placeOf = new Map(sendings.flatMap((one, place) => (one.again ? [] : [[one.id, place]])));
    for (const one of sendings) {
      if (one.what !== 'cancel' || !one.early || one.again) continue;
      expect(placeOf.get(one.id)).toBeLessThan(placeOf.get(`${one.orderId}-placed`) ?? 0);
    }
  });

  it('kills each part in the middle of the traffic, more often where there is more', () => {
    expect(strikes.map(({ part }) => part).toSorted()).toEqual([...STRUCK].toSorted());
    expect(strikes.every(({ place }) => place > 0 && place < EVENTS * 0.95)).toBe(true);
    expect(makePlan({ events: 10_000, seed: 1 }).strikes).toHaveLength(STRUCK.length * 3);
  });
});
