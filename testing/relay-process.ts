import { openOutlet, type EventRoutes } from '../packages/events/src/targets/outlet.ts';
import { startRelay } from '../packages/events/src/outbox/index.ts';
import { createLog } from '../packages/runtime/src/log.ts';
import { createPool } from '../packages/participant/src/database/postgres.ts';

/** A process that does nothing but relay an outbox, to a broker or to two receivers; run, and killed, by a test. */
const [databaseUrl = '', natsUrl = '', api = '', orders = ''] = process.argv.slice(2);
const receivers = [
  ['api', api],
  ['orders', orders],
] as const;
const EVENTS = ['test.order.cancel-requested.v1', 'shop.order.cancel-requested.v1'];

const log = createLog('relay', 'silent');
const routes: EventRoutes =
  natsUrl === 'none'
    ? { natsUrl: undefined, receivers: receivers.map(([name, url]) => ({ name, url, types: EVENTS })) }
    : { natsUrl };
const outlet = await openOutlet(routes, log);
startRelay({ pool: createPool(databaseUrl, log), targets: outlet.targets, log });
// how much memory it has now, and had at most, in bytes
process.on('message', () =>
  process.send?.({ now: process.memoryUsage.rss(), peak: process.resourceUsage().maxRSS * 1_024 }),
);
process.send?.('relaying');
