import { startApi } from '@amends/api';
import system from '../amends.config.ts';
import catalog from '../contracts/catalog.json' with { type: 'json' };
import { triggers } from './triggers.ts';

await startApi({ system, catalog, triggers });
