import { runService } from '@amends/participant/service';
import system from '../../amends.config.ts';
import { createApp } from './app.ts';

await runService('flights', async (parts) => ({ app: createApp(parts) }), { system });
