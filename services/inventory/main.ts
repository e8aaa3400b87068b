import { runService } from '@amends/participant/service';
import system from '../../amends.config.ts';
import { createApp } from './app.ts';

await runService('inventory', (parts) => ({ app: createApp(parts) }), { system });
