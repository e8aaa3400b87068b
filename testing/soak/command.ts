import { createScreen, type Screen } from '../../packages/amends/src/cli/screen.ts';
import { interruption, StartError } from '../../packages/amends/src/local/index.ts';
import { ConfigError } from '../../packages/runtime/src/config-error.ts';
import { type OwnShop, startOwnShop } from './own-shop.ts';

const INTERRUPTED = 130;

/** What a command has for its work: a system of its own, where to print, and when to stop. */
export interface Stage {
  readonly shop: OwnShop;
  readonly screen: Screen;
  readonly signal: AbortSignal;
}

/**
 * Runs a command on a system of its own, which is ended and removed whatever comes, and then ends this process: with 0 when `work`
 * answers that all was as it must be, 130 when it was interrupted, else 1.
 *
 * @param said takes what the system reports of parts that were killed and run again
 */
export const onOwnShop = async (
  work: (stage: Stage) => Promise<boolean>,
  said: (sentence: string) => void = () => {},
): Promise<never> => {
  const screen = createScreen(process.stdout);
  const signal = interruption();
  let shop: OwnShop | undefined;
  let code = 1;
  try {
    screen.line('a system of its own is started …');
    shop = await startOwnShop({ report: said, signal });
    if (await work({ shop, screen, signal })) code = 0;
  } catch (error) {
    if (signal.aborted) {
      code = INTERRUPTED;
      screen.line('\nStopped. Nothing is judged.');
    } else {
      const known = error instanceof StartError || error instanceof ConfigError;
      console.error(known ? `\n${error.message}` : error);
    }
  }
  await shop?.close();
  process.exit(code);
};
