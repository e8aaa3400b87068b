// The worker process of the order that is written by hand in the product's two lanes: the product's workers, on other workflows.
import { startWorkers } from '@amends/worker';
import { calls } from '../../activities/index.ts';
import system from '../../amends.config.ts';
import catalog from '../../contracts/catalog.json' with { type: 'json' };

const workers = { ...system.workers, workflows: 'testing/counts/hand-written-order.ts' };
await startWorkers({ system: { ...system, workers }, catalog, calls });
