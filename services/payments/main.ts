import { runService } from '@amends/participant/service';
import system from '../../amends.config.ts';
import { createApp } from './app.ts';
import { createCardProvider } from './card-provider.ts';

await runService(
  'payments',
  (parts, { urlOf }) => ({ app: createApp({ ...parts, provider: createCardProvider(urlOf('card-provider')) }) }),
  { system },
);
