import { once } from 'node:events';
import { readSystemConfig } from '@amends/runtime/internal';
import { loadSystem } from './load-system.ts';
import { stateDir } from './state/folders.ts';
import { findOrStart } from './find-or-start.ts';
import { interruption } from './interruption.ts';
import { welcome } from './welcome.ts';

/** `amends start`: the whole system on this machine, until Ctrl-C. @throws StartError, ConfigError with a sentence; AbortError */
export const runStart = async (): Promise<void> => {
  const system = await loadSystem();
  const config = readSystemConfig(system);
  const signal = interruption();
  const { urls, own } = await findOrStart(config, { progress: 'shown', signal, say: console.log }).catch(
    (error: unknown) => {
      if ((error as Error).name === 'AbortError') console.log('\nStopped before it was ready.');
      throw error;
    },
  );
  if (own === undefined) {
    console.log(`The system runs already.\n\n${welcome(system, urls)}`);
    return;
  }
  console.log(
    `\n${welcome(system, urls)}\n\nLogs and data: ${stateDir(config)}\nCtrl-C stops it; the next npm start goes on where it was.`,
  );
  if (!signal.aborted) await once(signal, 'abort');
  console.log('\nStopping …');
  await own.close();
  console.log('Stopped. Nothing is lost: npm start goes on where it was.');
};
