import { runProcess } from '@amends/runtime/internal';
import { startApi } from '@amends/api/internal';

await runProcess('api', startApi);
