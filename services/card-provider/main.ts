import { runProcess, serve } from '@amends/runtime';
import { createApp } from './app.ts';
import { openBank } from './bank.ts';
import { readSettings } from './settings.ts';

await runProcess('card-provider', readSettings, async (settings, log) => {
  const { HOST: host, MAX_BODY_BYTES: maxBodyBytes, port, reach, journal, lossy } = settings;
  const bank = await openBank(journal);
  // what is on the disk is known again only after a new start, which whoever runs this process makes
  void bank.broken.then((error) => {
    throw error;
  });
  const server = await serve(createApp({ bank, log, maxBodyBytes, lossy, reach }), { host, port });
  return {
    close: async () => {
      await server.close();
      await bank.close();
    },
  };
});
