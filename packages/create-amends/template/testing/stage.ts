import { defineStage, startServices } from '@amends/testing';
import { calls } from '../activities/index.ts';
import { triggers } from '../api/triggers.ts';
import { travel } from '../contracts/app.ts';
import catalog from '../contracts/catalog.json' with { type: 'json' };
import { createApp as createFlights } from '../services/flights/app.ts';
import { createApp as createHotels } from '../services/hotels/app.ts';
import { createApp as createLoyalty } from '../services/loyalty/app.ts';
import * as workflows from '../workflows/index.ts';

/** What the application is, once, for all that its sagas are tested with. */
export const stage = defineStage({
  module: import.meta.url,
  app: travel,
  catalog,
  triggers,
  calls,
  workflows,
  startServices: () =>
    startServices(travel, {
      flights: (parts) => ({ app: createFlights(parts) }),
      hotels: (parts) => ({ app: createHotels(parts) }),
      // an outsider's stand-in has no database
      loyalty: (parts) => ({ app: createLoyalty(parts) }),
    }),
});
