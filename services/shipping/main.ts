import { eventRoutes } from '@amends/events/internal';
import { runService } from '@amends/participant/service';
import { withOutbox } from '@amends/participant/service';
import { createApp } from './app.ts';

await runService('shipping', (parts, config) =>
  withOutbox(parts, eventRoutes(config), (wake) => createApp({ ...parts, wake })),
);
