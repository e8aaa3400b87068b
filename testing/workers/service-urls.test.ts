import type { NativeConnection } from '@temporalio/worker';
import { expect, it } from 'vitest';
import type { Outside } from '../../packages/worker/src/activities/saga-activities.ts';
import * as contracts from '../../contracts/services.ts';
import { createWorkers } from '../../packages/worker/src/create-workers.ts';

const start = async (urls: Readonly<Record<string, string>>) =>
  createWorkers({
    // nothing is asked of them: what is wrong is found before
    connection: {} as NativeConnection,
    namespace: 'default',
    workflowBundle: { codePath: 'nowhere.js' },
    wiring: { contracts, urls },
    outside: {} as Outside,
  });
const urls = Object.fromEntries(Object.keys(contracts).map((service) => [service, 'http://127.0.0.1:1']));

it('a service that has a contract but no URL is named before the workers start', async () => {
  const { payments: _, ...others } = urls;
  await expect(start(others)).rejects.toThrow('No URL is known for payments');
  await expect(start({ ...urls, payments: '' })).rejects.toThrow('No URL is known for payments');
});
