import { startWorkers } from '@amends/worker';
import { calls } from '../activities/index.ts';
import system from '../amends.config.ts';
import catalog from '../contracts/catalog.json' with { type: 'json' };

await startWorkers({ system, catalog, calls });
