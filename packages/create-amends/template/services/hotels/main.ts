import { runService } from '@amends/participant/service';
import system from '../../amends.config.ts';
import { createApp } from './app.ts';

await runService('hotels', async (parts) => ({ app: createApp(parts) }), { system });
