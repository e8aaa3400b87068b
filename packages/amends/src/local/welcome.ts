import { NO_BROKER } from '@amends/runtime/internal';
import type { SystemUrls } from './system-urls.ts';

/** What a person reads when the system runs: where everything is, and one command to try. */
export const welcome = (urls: SystemUrls): string =>
  [
    `API             ${urls.api}`,
    `Temporal Web UI ${urls.temporalUi ?? 'of a Temporal that is not ours: TEMPORAL_UI_URL says where'}`,
    ...(urls.broker === undefined
      ? []
      : [`Events          ${urls.broker === NO_BROKER ? overHttp(urls) : urls.broker}`]),
    `Services        orders ${urls.orders} · inventory ${urls.inventory} · payments ${urls.payments}`,
    `                shipping ${urls.shipping} · notifications ${urls.notifications}`,
    '',
    'Try: put a mug on the shelf and order it, then look at its saga in the Web UI.',
    '',
    `curl -X PUT ${urls.inventory}/stock/mug -H 'content-type: application/json' -d '{"available":10}' && \\`,
    `curl ${urls.orders}/orders -H 'content-type: application/json' -d '${JSON.stringify(SAMPLE_ORDER)}'`,
  ].join('\n');

const overHttp = ({ api, orders }: SystemUrls): string =>
  `over HTTP, without a broker: ${api}/events · ${orders}/events`;

const SAMPLE_ORDER = {
  customerId: 'c-1',
  currency: 'EUR',
  lines: [{ sku: 'mug', quantity: 1, unitPrice: 1_250 }],
  shipTo: { country: 'DE', name: 'A. Person', street: 'Hauptstr. 1', city: 'Berlin', postcode: '10115' },
  paymentToken: 'tok_ok',
};
