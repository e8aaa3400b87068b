import { runService } from '../service-process.ts';
import { createApp } from './app.ts';

await runService('notifications', async (parts) => ({ app: createApp(parts) }));
