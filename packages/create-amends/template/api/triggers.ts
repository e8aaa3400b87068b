import { defineTriggers } from '@amends/api';
import { travel } from '../contracts/app.ts';

/** Which event starts, cancels or signals what. */
export const triggers = defineTriggers(travel, ({ start, cancel }) => ({
  'travel.trip.requested.v1': start('bookTrip', (trip) => trip),
  'travel.trip.cancel-requested.v1': cancel(
    'bookTrip',
    ({ tripId }) => tripId,
    ({ reason }) => reason,
  ),
}));
