import { runService } from '../service-process.ts';
import { createApp } from './app.ts';

await runService('payments', async (parts) => ({ app: createApp(parts) }));
