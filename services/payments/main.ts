import { runService } from '@amends/participant/service';
import { createApp } from './app.ts';
import { createCardProvider } from './card-provider.ts';

await runService('payments', async (parts, config) => ({
  app: createApp({ ...parts, provider: createCardProvider(config.PROVIDER_URL) }),
}));
