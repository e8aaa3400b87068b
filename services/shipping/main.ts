import { runService, withOutbox } from '@amends/participant/service';
import system from '../../amends.config.ts';
import { createApp } from './app.ts';

await runService(
  'shipping',
  (parts, { routes }) => withOutbox(parts, routes, (wake) => createApp({ ...parts, wake })),
  { system },
);
