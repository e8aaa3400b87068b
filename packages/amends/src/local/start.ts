// `npm start`: the whole system on this machine, until Ctrl-C.
import { once } from 'node:events';
import { ConfigError } from '@amends/runtime/internal';
import { readSystemConfig } from '@amends/runtime/internal';
import { loadSystem } from './load-system.ts';
import { stateDir } from './folders.ts';
import { findOrStart, interruption, StartError } from './index.ts';
import { welcome } from './welcome.ts';

const INTERRUPTED = 130;

const main = async (): Promise<void> => {
  const system = await loadSystem();
  const config = readSystemConfig(system);
  const signal = interruption();
  const { urls, own } = await findOrStart(config, { progress: 'shown', signal, say: console.log });
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

try {
  await main();
} catch (error) {
  if ((error as Error).name === 'AbortError') {
    console.log('\nStopped before it was ready.');
    process.exitCode = INTERRUPTED;
  } else {
    const known = error instanceof StartError || error instanceof ConfigError;
    console.error(known ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}
// what a closed start left in the loop (a connection's timers) is no reason to stay
process.exit();
