import { readConfig, runProcess, serve, servicePort } from '@amends/runtime';
import { createApp } from './app.ts';

await runProcess(
  'loyalty-stand-in',
  () => ({ ...readConfig(), port: servicePort('loyalty-stand-in') }),
  async ({ HOST: host, MAX_BODY_BYTES: maxBodyBytes, port }, log) =>
    serve(createApp({ log, maxBodyBytes }), { host, port }),
);
