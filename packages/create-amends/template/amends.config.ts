import { defineSystem } from '@amends/runtime';
import { travel } from './contracts/app.ts';
import { exampleTrip } from './contracts/trip.ts';

/** What runs where. A new service is its folder, its contract, and a line here. */
export default defineSystem(travel, {
  services: {
    flights: { entry: 'services/flights/main.ts', port: 7201 },
    hotels: { entry: 'services/hotels/main.ts', port: 7202 },
    // somebody else's; LOYALTY_URL says where the real one is
    loyalty: { url: 'http://127.0.0.1:7203', headers: (env) => ({ 'x-api-key': env['LOYALTY_KEY'] ?? 'none' }) },
  },
  besides: {
    'loyalty-stand-in': { entry: 'services/loyalty/main.ts', port: 7203 },
  },
  api: { entry: 'api/main.ts', port: 8080 },
  workers: { entry: 'workers/main.ts' },
  variables: ['LOYALTY_KEY'],
  tryIt: ({ api }) =>
    `Try: curl ${api}/sagas/bookTrip -H 'Prefer: wait=10' -H 'content-type: application/json' -d '${JSON.stringify(exampleTrip)}'`,
});
