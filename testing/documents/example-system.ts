import { defineApp, outside } from '@amends/contracts';
import { defineSystem } from '@amends/runtime';
import { orders } from '../../contracts/orders.ts';

const app = defineApp({ services: { orders, loyalty: outside({}) }, sagas: {}, events: {} });

/** What docs/configuration.md shows. */
export default defineSystem(app, {
  services: {
    // a process of this application: built, started, and given a database and a role of its name
    orders: { entry: 'services/orders/main.ts', port: 7101, listens: 'all' },
    // a process somewhere else, with headers that each call to it carries
    loyalty: { url: 'https://loyalty.example', headers: (env) => ({ 'x-api-key': env['LOYALTY_KEY'] ?? '' }) },
  },
  // processes that are started too, and are no services of the contracts
  besides: { 'card-provider': { entry: 'services/card-provider/main.ts', port: 7106, variable: 'PROVIDER' } },
  api: { entry: 'api/main.ts', port: 8080 },
  workers: { entry: 'workers/main.ts' },
  // your own variables, which the API, the workers and the services find in their environment under `amends start`
  variables: ['LOYALTY_KEY'],
});
