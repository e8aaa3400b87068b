import type { Config } from '../platform/config.ts';
import type { SystemUrls } from './system-urls.ts';

/**
 * The URLs of this checkout's system when another `npm start` (or demo) runs it, whatever ports it was given; waits while it
 * is still starting. `undefined` when none runs.
 */
export const findRunning = async (_config: Config): Promise<SystemUrls | undefined> => undefined;
