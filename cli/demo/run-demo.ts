import { once } from 'node:events';
import { interruption, startSystem, type System } from '../../local/index.ts';
import type { Config } from '../../platform/config.ts';
import { findSystem } from '../find-system.ts';
import type { Screen } from '../screen.ts';
import { createShopClient, type ShopClient } from '../shop-client.ts';
import { play } from './play.ts';

export interface DemoOptions {
  /** Ends what the demo started itself. */
  readonly exit: boolean;
}

/**
 * Plays the demo on the system that runs, or on one it starts. What it started itself it leaves running until Ctrl-C, or ends
 * at once with `exit`. Answers whether every order ended as it must.
 */
export const runDemo = async (
  { exit }: DemoOptions,
  { config, screen }: { readonly config: Config; readonly screen: Screen },
): Promise<boolean> => {
  const signal = interruption();
  const found = await findSystem(config);
  const runs = found.missing.length === 0;
  const own: System | undefined = runs ? undefined : await startSystem(config, { progress: 'shown', signal });
  const urls = own?.urls ?? found.urls;
  const client: ShopClient = own ? createShopClient(own.urls) : found.client;
  try {
    const right = await play(client, { screen, temporalUi: urls.temporalUi, signal });
    if (own && !exit && !signal.aborted) {
      screen.line(`\nThe system goes on running: Web UI ${urls.temporalUi}, API ${urls.api}. Ctrl-C ends it.`);
      await once(signal, 'abort');
    }
    return right;
  } finally {
    await own?.close();
  }
};
