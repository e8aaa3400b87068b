import { findRunning, calledUrls, type SystemUrls } from 'amends/local';
import type { SystemConfig } from '@amends/runtime';
import { CliStop } from 'amends';
import { createShopClient, type ShopClient } from './shop-client.ts';

export interface FoundSystem {
  readonly urls: SystemUrls;
  readonly client: ShopClient;
  /** A start of this checkout runs it. */
  readonly ours: boolean;
  /** The parts that do not answer, each with its URL and why; empty when the system runs. */
  readonly missing: readonly string[];
}

/**
 * This checkout's own system, whatever its ports, or else one where the configuration says (containers, another machine). Waits,
 * and says so, while another start is under way.
 */
export const findSystem = async (
  config: SystemConfig,
  waiting: { readonly say: (sentence: string) => void; readonly signal?: AbortSignal },
): Promise<FoundSystem> => {
  const running = await findRunning(config, waiting);
  const urls = running ?? calledUrls(config);
  const client = createShopClient(urls);
  return { urls, client, ours: running !== undefined, missing: await client.notReady() };
};

/** What is missing of a system, and what to do. */
export const notAnswering = ({ ours, missing }: Pick<FoundSystem, 'ours' | 'missing'>): CliStop =>
  new CliStop(
    `The system ${ours ? 'runs, but not all of it answers' : 'is not running'}, so nothing was placed:\n` +
      `${missing.map((part) => `  ${part}`).join('\n')}\n` +
      (ours
        ? 'What ends by itself is started again: try again in a moment, or stop it and start it anew with: npm start'
        : 'Start it in another terminal with: npm start'),
  );
