import { runService } from '../service-process.ts';
import { createApp } from './app.ts';

await runService('inventory', async (parts) => ({ app: createApp(parts) }));
