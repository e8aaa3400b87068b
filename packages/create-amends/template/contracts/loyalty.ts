import { action, BusinessKey, outside } from '@amends/contracts';
import { z } from 'zod';
import { exampleTrip } from './trip.ts';

const { tripId, traveller } = exampleTrip;

/** Somebody else's loyalty programme: it knows no keys, so what is asked of it is sent once. */
export const loyalty = outside({
  addPoints: action({
    route: 'POST /points',
    input: z.object({ tripId: BusinessKey, traveller: z.string(), points: z.int() }),
    output: z.object({ balance: z.int() }),
    refusals: { 'no-such-member': { when: 'the traveller is no member' } },
    example: { input: { tripId, traveller, points: 420 }, output: { balance: 420 } },
  }),
});
