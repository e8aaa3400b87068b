import { BusinessKey } from '@amends/contracts';
import { z } from 'zod';

/** What a traveller asks for. `price` in cents. */
export const Trip = z.object({
  tripId: BusinessKey,
  traveller: z.string().min(1).max(200),
  flight: z.string().regex(/^[A-Z0-9]{2,8}$/),
  hotel: z.string().min(1).max(100),
  nights: z.int().min(1).max(30),
  price: z.int().nonnegative(),
});
export type Trip = z.infer<typeof Trip>;

export const exampleTrip: Trip = {
  tripId: 't-1',
  traveller: 'A. Person',
  flight: 'AM100',
  hotel: 'Harbour',
  nights: 3,
  price: 42_000,
};
