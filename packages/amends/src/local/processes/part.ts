import { setTimeout as sleep } from 'node:timers/promises';
import { startChild, type Child, type ChildSpec } from './child.ts';
import { tailOf } from '../state/log-file.ts';
import { StartError } from '../start-error.ts';

/** A process of the system: what is run, and how it is told that it is ready. */
export interface Part extends ChildSpec {
  /** Throws, saying why, until the process is ready. */
  readonly check: (child: Child) => Promise<void>;
  readonly readyWithinMs: number;
}

const PAUSE_MS = 50;

/** Starts a part and waits until it is ready; one that does not become ready is stopped. @throws StartError */
export const startPart = async (part: Part): Promise<Child> => {
  const child = await startChild(part);
  try {
    await untilReady(part, child);
  } catch (error) {
    await child.stop();
    throw error;
  }
  return child;
};

/** @throws StartError with the tail of its log when the child ends first, or is not ready by the time limit */
export const untilReady = async ({ name, check, readyWithinMs }: Part, child: Child): Promise<void> => {
  let over: string | undefined;
  void child.ended.then((how) => (over = how));
  const limit = Date.now() + readyWithinMs;
  for (;;) {
    try {
      await check(child);
      return;
    } catch (error) {
      if (over !== undefined)
        throw new StartError(`${name} ${over} before it was ready. ${await tailOf(child.logFile)}`);
      if (Date.now() > limit) {
        const waited = `${name} was not ready within ${readyWithinMs / 1_000} seconds (${(error as Error).message}).`;
        throw new StartError(`${waited} ${await tailOf(child.logFile)}`);
      }
    }
    await sleep(PAUSE_MS);
  }
};
