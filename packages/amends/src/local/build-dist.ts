// `npm run build`: the processes as files in dist/, for an image.
import { join } from 'node:path';
import { buildInto, stopCompiler } from './build.ts';
import { ENTRIES } from './entries.ts';
import { CHECKOUT } from './folders.ts';

await buildInto(join(CHECKOUT, 'dist'), [...ENTRIES, 'packages/amends/src/local/workers-health.ts']);
await stopCompiler();
