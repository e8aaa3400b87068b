import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from '../child.ts';
import { StartError } from '../start-error.ts';

const PAUSE_MS = 50;
const TAIL_LINES = 15;

/**
 * Repeats a check until it passes.
 *
 * @throws StartError with the tail of the child's log when it ends first, or is not ready by the time limit
 */
export const untilReady = async (child: Child, check: () => Promise<void>, timeoutMs: number): Promise<void> => {
  let over: string | undefined;
  void child.ended.then((how) => (over = how));
  const limit = Date.now() + timeoutMs;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (over !== undefined) throw new StartError(`${child.name} ${over} before it was ready. ${await tailOf(child)}`);
      if (Date.now() > limit) {
        const waited = `${child.name} was not ready within ${timeoutMs / 1_000} seconds (${(error as Error).message}).`;
        throw new StartError(`${waited} ${await tailOf(child)}`);
      }
    }
    await sleep(PAUSE_MS);
  }
};

/** The last lines of a process's log, under a line that says where it lies. */
export const tailOf = async ({ logFile }: { logFile: string }): Promise<string> => {
  const text = await readFile(logFile, 'utf8').catch(() => '');
  const lines = text.trimEnd().split('\n').slice(-TAIL_LINES);
  return [`Its log ${logFile} ends:`, ...lines.map((line) => `  ${line}`)].join('\n');
};
