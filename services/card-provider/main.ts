import { join } from 'node:path';
import { ConfigError } from '@amends/runtime/internal';
import { serve } from '@amends/runtime/internal';
import { runProcess } from '@amends/runtime/internal';
import { reachOf } from '@amends/runtime/internal';
import { createApp } from './app.ts';
import { openBank } from './bank.ts';

await runProcess('card-provider', async (config, log) => {
  const { HOST: host, PROVIDER_PORT: port, PROVIDER_DIR, PROVIDER_LOSSY: lossy, MAX_BODY_BYTES: maxBodyBytes } = config;
  if (PROVIDER_DIR === undefined) throw new ConfigError('PROVIDER_DIR must name the folder of the card provider.');
  const bank = await openBank(join(PROVIDER_DIR, 'journal.jsonl'));
  // what is on the disk is known again only after a new start, which whoever runs this process makes
  void bank.broken.then((error) => {
    throw error;
  });
  const server = await serve(createApp({ bank, log, maxBodyBytes, lossy, reach: reachOf(host) }), { host, port });
  return {
    close: async () => {
      await server.close();
      await bank.close();
    },
  };
});
