import { sagaContract } from '@amends/contracts';
import { z } from 'zod';
import { exampleTrip, Trip } from './trip.ts';

export const bookTrip = sagaContract({
  input: Trip,
  result: z.object({ ticket: z.string() }),
  key: ({ tripId }) => tripId,
  refusals: { 'not-approved': 'a person said no, or nobody answered in time' },
  example: exampleTrip,
  exampleResult: { ticket: 'T-1' },
});
