import { once } from 'node:events';
import { findOrStart, interruption, type System, type SystemUrls } from 'amends/local';
import type { SystemConfig } from '@amends/runtime';
import { findSystem, notAnswering } from '../find-system.ts';
import type { Screen } from 'amends';
import { createShopClient } from '../shop-client.ts';
import { play } from './play.ts';

export interface DemoOptions {
  /** Ends what the demo started itself. */
  readonly exit: boolean;
}

/**
 * Plays the demo on the system that runs, or on one it starts. What it started itself it leaves running until Ctrl-C, or ends
 * at once with `exit`. Answers whether every order ended as it must; Ctrl-C before that rejects, once all is stopped.
 */
export const runDemo = async (
  { exit }: DemoOptions,
  { config, screen }: { readonly config: SystemConfig; readonly screen: Screen },
): Promise<boolean> => {
  const signal = interruption();
  const stopping = (): void => screen.line('\nStopping …');
  signal.addEventListener('abort', stopping, { once: true });
  let own: System | undefined;
  try {
    const found = await findSystem(config, { say: screen.line, signal });
    if (found.ours && found.missing.length > 0) throw notAnswering(found);
    let { urls } = found;
    if (found.missing.length > 0) {
      ({ urls, own } = await findOrStart(config, { progress: 'shown', signal, say: screen.line }));
    }
    const right = await play(createShopClient(urls), { screen, urls, signal });
    if (own && !exit && !signal.aborted) {
      screen.line(`\nThe system goes on running: ${placesText(urls)}. Ctrl-C ends it.`);
      await once(signal, 'abort');
    }
    return right;
  } finally {
    if (own && !signal.aborted) stopping();
    await own?.close();
    if (own || signal.aborted) screen.line('Stopped.');
  }
};

const placesText = ({ temporalUi, api }: SystemUrls): string =>
  [...(temporalUi === undefined ? [] : [`Web UI ${temporalUi}`]), `API ${api}`].join(', ');
