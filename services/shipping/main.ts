import { eventRoutes } from '../../events/outlet.ts';
import { runService } from '../service-process.ts';
import { withOutbox } from '../with-outbox.ts';
import { createApp } from './app.ts';

await runService('shipping', (parts, config) =>
  withOutbox(parts, eventRoutes(config), (wake) => createApp({ ...parts, wake })),
);
