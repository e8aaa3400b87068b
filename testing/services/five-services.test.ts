import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createApp as inventory } from '../../services/inventory/app.ts';
import { createApp as notifications } from '../../services/notifications/app.ts';
import { createApp as orders } from '../../services/orders/app.ts';
import { createApp as shipping } from '../../services/shipping/app.ts';
import { migrateOutbox } from '../../packages/events/src/outbox/index.ts';
import type { ServiceParts } from '../../packages/participant/src/service/service-app.ts';
import type { ServiceBody } from '../../packages/participant/src/service/run-service.ts';
import { paymentsWithProvider } from '../card-provider.ts';
import { services as contracts } from '../every-service.ts';
import { startServiceUnderTest } from '../../packages/testing/src/services/service-under-test.ts';
import { parseConformFile, runChecks } from '../../packages/amends/src/conform/index.ts';

type Build = (parts: ServiceParts) => ServiceBody | Promise<ServiceBody>;

const services = {
  orders: async (parts) => {
    await migrateOutbox(parts.pool);
    return { app: orders({ ...parts, wake: () => {} }) };
  },
  inventory: (parts) => ({ app: inventory(parts) }),
  payments: paymentsWithProvider,
  shipping: (parts) => ({ app: shipping({ ...parts, wake: () => {} }) }),
  notifications: (parts) => ({ app: notifications(parts) }),
} satisfies Record<string, Build>;

/** A third of it on a machine that does nothing else. */
const WITHIN_MS = 600_000;
/** On a machine that does other things too a database can be slow for a while. */
const PATIENCE_MS = 60_000;
/** `npm run conform` has more of them; 200 and more race in tests of the kit. */
const RACING_SAGAS = 20;

describe.each(Object.keys(services) as (keyof typeof services)[])('the %s service', (name) => {
  const fileName = `services/${name}/conform.yaml`;

  it(
    'P1, P2, P3, P4, P5, P6, P7, P8, P9, P10, P11: keeps every promise, over HTTP on a real database',
    async () => {
      const service = await startServiceUnderTest(name, services[name]);
      try {
        const file = parseConformFile(await readFile(fileName, 'utf8'), fileName);
        const report = await runChecks(file, { url: service.url, racingSagas: RACING_SAGAS, patienceMs: PATIENCE_MS });
        expect(report.rows.filter(({ result }) => result === 'fail')).toEqual([]);
        expect(report.uncounted).toEqual([]);
        // what no sample can show, and nothing else
        expect(
          report.rows.flatMap(({ promise, action, result }) => (result === 'skipped' ? [`${promise} ${action}`] : [])),
        ).toEqual(Object.entries(file.actions).flatMap(([action, { refused }]) => (refused ? [] : [`P8 ${action}`])));
      } finally {
        await service.close();
      }
    },
    WITHIN_MS,
  );

  it('has a sample of each of its actions, with its undo', async () => {
    const { actions } = parseConformFile(await readFile(fileName, 'utf8'), fileName);
    const agreed = contracts[name]?.actions ?? {};
    expect(Object.entries(actions).map(([action, { undo }]) => [action, undo])).toEqual(
      Object.entries(agreed).map(([action, { undo }]) => [action, undo !== undefined]),
    );
  });
});
