import type { SystemConfig } from '@amends/runtime';
import { findRunning } from './state/find-running.ts';
import { RunsAlready } from './state/runs-already.ts';
import { startSystem, type StartOptions, type System } from './system.ts';
import type { SystemUrls } from './system-urls.ts';

/** A start that finds another one, which then ends before it is ready, tries again; so often it is no coincidence. */
const MOST_TRIES = 3;

/**
 * This application's system: the one that another start runs, or `own`, which this one has started. Of two starts at the same
 * instant one waits for the other.
 *
 * @throws StartError
 */
export const findOrStart = async (
  config: SystemConfig,
  { say, ...options }: StartOptions & { readonly say: (sentence: string) => void },
): Promise<{ readonly urls: SystemUrls; readonly own?: System }> => {
  for (let tries = 1; ; tries += 1) {
    const urls = await findRunning(config, { say, signal: options.signal });
    if (urls) return { urls };
    try {
      const own = await startSystem(config, options);
      return { urls: own.urls, own };
    } catch (error) {
      if (!(error instanceof RunsAlready) || tries === MOST_TRIES) throw error;
    }
  }
};
