import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '../packages/runtime/src/http/serve.ts';
import { createLog } from '../packages/runtime/src/log.ts';
import { createApp as createProvider } from '../services/card-provider/app.ts';
import { openBank } from '../services/card-provider/bank.ts';
import type { Hold } from '../services/card-provider/decide.ts';
import type { Lossy } from '../services/card-provider/lossy.ts';
import { createApp as createPayments } from '../services/payments/app.ts';
import { createCardProvider } from '../services/payments/card-provider.ts';
import type { ServiceParts } from '../packages/participant/src/service/service-app.ts';
import type { ServiceBody } from '../packages/participant/src/service/run-service.ts';

const MAX_BODY_BYTES = 100_000;

/** The real card provider over real HTTP, with a journal of its own, in this process. */
export interface RunningProvider {
  readonly url: string;
  /** What it holds, straight from its own books. */
  readonly holds: () => readonly Hold[];
  readonly close: () => Promise<void>;
}

/** `lossy`: not at all by default. */
export const startCardProvider = async (lossy?: Lossy): Promise<RunningProvider> => {
  const folder = await mkdtemp(join(tmpdir(), 'amends-cards-'));
  const bank = await openBank(join(folder, 'journal.jsonl'));
  const log = createLog('card-provider', 'error');
  const app = createProvider({ bank, log, maxBodyBytes: MAX_BODY_BYTES, lossy });
  const server = await serve(app, { host: '127.0.0.1', port: 0 });
  return {
    url: `http://127.0.0.1:${server.port}`,
    holds: bank.holds,
    close: async () => {
      await server.close();
      await bank.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** The payments service with a card provider of its own, which ends with it. */
export const paymentsWithProvider = async (parts: ServiceParts): Promise<ServiceBody> => {
  const provider = await startCardProvider();
  return { app: createPayments({ ...parts, provider: createCardProvider(provider.url) }), besides: [provider] };
};
