import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '@amends/runtime/internal';
import { stateDir } from './folders.ts';
import { isRunning, readRun } from './run-file.ts';
import { StartError } from '../start-error.ts';
import type { SystemUrls } from '../system-urls.ts';

/** How long another start may take; the first on a machine fetches its servers. */
const START_TIMEOUT_MS = 300_000;
const PAUSE_MS = 200;

/**
 * The URLs of this application's system when another `npm start` (or demo) runs it, whatever ports it was given; waits while it
 * is still starting, which it says once. `undefined` when none runs; aborting `signal` ends the wait, and rejects.
 *
 * @throws StartError when the other start does not become ready
 */
export const findRunning = async (
  config: Pick<Config, 'AMENDS_STATE_DIR' | 'XDG_STATE_HOME'>,
  { say, signal }: { readonly say: (sentence: string) => void; readonly signal?: AbortSignal | undefined },
): Promise<SystemUrls | undefined> => {
  let said = false;
  const limit = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const run = readRun(stateDir(config));
    if (run === undefined || !isRunning(run)) return undefined;
    if (run.ready) return run.urls;
    if (Date.now() > limit)
      throw new StartError(`Process ${run.supervisor.pid} is starting this system and does not become ready.`);
    if (!said) say(`Process ${run.supervisor.pid} is starting this system: waiting until it is ready.`);
    said = true;
    await sleep(PAUSE_MS, undefined, { signal });
  }
};
