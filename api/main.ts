import { runProcess } from '../platform/process.ts';
import { startApi } from './start-api.ts';

await runProcess('api', startApi);
