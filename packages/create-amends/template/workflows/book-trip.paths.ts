import type { Paths } from '@amends/saga';
import type { bookTrip } from './book-trip.ts';

export const paths = {
  'expensive: a person is asked': { input: { price: 150_000 } },
} satisfies Paths<typeof bookTrip>;
