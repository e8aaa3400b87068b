import { runService } from '../service-process.ts';
import { createApp } from './app.ts';
import { createCardProvider } from './card-provider.ts';

await runService('payments', async (parts, config) => ({
  app: createApp({ ...parts, provider: createCardProvider(config.PROVIDER_URL) }),
}));
