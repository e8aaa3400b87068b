import { BusinessKey, event, sagaEvents, words } from '@amends/contracts';
import { z } from 'zod';
import * as sagas from './sagas.ts';
import { exampleTrip, Trip } from './trip.ts';

/** Every event, by its type. A type ends in its version; what a version says never changes. */
export const events = {
  'travel.trip.requested.v1': event({
    publishedBy: 'the web site',
    when: 'a traveller wants a trip',
    data: Trip,
    example: exampleTrip,
  }),
  'travel.trip.cancel-requested.v1': event({
    publishedBy: 'the web site',
    when: 'a traveller wants it no more',
    data: z.object({ tripId: BusinessKey, reason: words(500) }),
    example: { tripId: exampleTrip.tripId, reason: 'plans have changed' },
  }),
  ...sagaEvents(sagas),
};
