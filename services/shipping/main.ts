import { runService } from '../service-process.ts';
import { createApp } from './app.ts';

await runService('shipping', async (parts) => ({ app: createApp(parts) }));
