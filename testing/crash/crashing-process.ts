// One of the shop's services, or the card provider, as it is, but that whoever started it may have it struck in the middle of a request.
import { setTimeout as sleep } from 'node:timers/promises';
import system from '../../amends.config.ts';
import type { AtPoint, CrashPoint } from '../../packages/participant/src/index.ts';
import { runService, type BuildService } from '../../packages/participant/src/service/run-service.ts';
import { withOutbox } from '../../packages/participant/src/service/with-outbox.ts';
import { createApp as createInventory } from '../../services/inventory/app.ts';
import { createApp as createNotifications } from '../../services/notifications/app.ts';
import { wireOrders } from '../../services/orders/wiring.ts';
import { createApp as createPayments } from '../../services/payments/app.ts';
import { createCardProvider } from '../../services/payments/card-provider.ts';
import { createApp as createShipping } from '../../services/shipping/app.ts';
import type { ShopService } from '../shop.ts';

/** What it is told over its channel, and answers `armed`: at which point of the request with this key who is killed. */
export interface Armed {
  readonly point: CrashPoint;
  /** 2: when the request comes there for the second time. */
  readonly time: number;
  readonly key: string;
  /** How long after; the request goes on meanwhile where another is killed, and where it does not wait for the point. */
  readonly afterMs: number;
  /** The process that is killed; null: this one. */
  readonly victim: number | null;
}

let armed: Armed | undefined;
let passed = 0;
process.on('message', (message) => {
  armed = message as Armed;
  passed = 0;
  process.send?.('armed');
});
process.on('disconnect', () => process.exit(0));

const at: AtPoint = async (point, key) => {
  if (armed?.point !== point || armed.key !== key) return;
  passed += 1;
  if (passed !== armed.time) return;
  const { victim, afterMs } = armed;
  armed = undefined;
  const kill = (): boolean => process.kill(victim ?? process.pid, 'SIGKILL');
  if (afterMs === 0) kill();
  else if (victim === null) await sleep(afterMs).then(kill);
  else setTimeout(kill, afterMs);
};

/** A lease of 1 s, so that an open row is soon taken over. */
const SHORT_LEASE = { leaseMarginMs: -2_000 };

const BODIES: Readonly<Record<ShopService, BuildService>> = {
  orders: (parts, { routes }) => wireOrders(parts, { ...routes, durable: 'crash' }),
  inventory: (parts) => ({ app: createInventory(parts) }),
  payments: (parts, { urlOf }) => ({
    app: createPayments({ ...parts, ...SHORT_LEASE, provider: createCardProvider(urlOf('card-provider')) }),
  }),
  shipping: (parts, { routes }) => withOutbox(parts, routes, (wake) => createShipping({ ...parts, wake })),
  notifications: (parts) => ({ app: createNotifications(parts) }),
};

const name = process.argv[2] as ShopService | 'card-provider';
if (name === 'card-provider') await import('../../services/card-provider/main.ts');
else await runService(name, (parts, around) => BODIES[name]({ ...parts, at }, around), { system });
process.send?.('ready');
