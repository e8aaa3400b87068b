import { defineSystem } from '@amends/runtime';
import { shop } from './contracts/app.ts';

/** What runs where: variables, ports, databases, what is built and started, and addresses follow from this list. */
export default defineSystem(shop, {
  services: {
    orders: { entry: 'services/orders/main.ts', port: 7101, listens: 'all' },
    inventory: { entry: 'services/inventory/main.ts', port: 7102 },
    payments: { entry: 'services/payments/main.ts', port: 7103 },
    shipping: { entry: 'services/shipping/main.ts', port: 7104 },
    notifications: { entry: 'services/notifications/main.ts', port: 7105 },
  },
  besides: {
    // payments calls it as it would a bank
    'card-provider': {
      entry: 'services/card-provider/main.ts',
      port: 7106,
      variable: 'PROVIDER',
      folder: 'PROVIDER_DIR',
      variables: ['PROVIDER_LOSSY'],
    },
  },
  api: { entry: 'api/main.ts', port: 8080 },
  workers: { entry: 'workers/main.ts' },
  tryIt: ({ inventory, orders }) =>
    [
      'Try: put a mug on the shelf and order it, then look at its saga in the Web UI.',
      '',
      `curl -X PUT ${inventory}/stock/mug --json '{"available":10}' && \\`,
      `curl ${orders}/orders --json '${JSON.stringify(SAMPLE_ORDER)}'`,
    ].join('\n'),
});

const SAMPLE_ORDER = {
  customerId: 'c-1',
  currency: 'EUR',
  lines: [{ sku: 'mug', quantity: 1, unitPrice: 1_250 }],
  shipTo: { country: 'DE', name: 'A. Person', street: 'Hauptstr. 1', city: 'Berlin', postcode: '10115' },
  paymentToken: 'tok_ok',
};
