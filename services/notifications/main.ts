import { runService } from '@amends/participant/service';
import { createApp } from './app.ts';

await runService('notifications', async (parts) => ({ app: createApp(parts) }));
