import { runService } from '@amends/participant/service';
import { createApp } from './app.ts';

await runService('inventory', async (parts) => ({ app: createApp(parts) }));
