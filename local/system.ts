import type { Config } from '../platform/config.ts';
import type { SystemUrls } from './system-urls.ts';

export interface StartOptions {
  /** `quiet`: nothing is printed while it starts; `shown`: a live list on a terminal, lines elsewhere. */
  readonly progress: 'quiet' | 'shown';
  /** Aborting it ends a start that is under way: what was started is stopped in order, and the start rejects. */
  readonly signal?: AbortSignal;
}

export interface System {
  readonly urls: SystemUrls;
  /** Stops everything this start started, in order; may be repeated. What was open goes on at the next start. */
  readonly close: () => Promise<void>;
}

/**
 * Starts the whole system that is not there yet, and keeps it running until closed.
 *
 * @throws StartError with a sentence for the person who started it; nothing is left running then
 */
export const startSystem = async (_config: Config, _options: StartOptions): Promise<System> => {
  throw new Error('not built yet');
};
