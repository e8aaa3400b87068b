import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { spaceProblem } from './disk-space.ts';
import { rotateLog } from './log-file.ts';
import type { Report } from '../processes/report.ts';

const LOOK_EVERY_MS = 5_000;
/** Of one process; with the three that are kept a process has 40 MB of them at most. */
const LOG_MAX_BYTES = 10_000_000;

export interface DiskWatch {
  /** Resolves when a look that is under way has ended. */
  readonly close: () => Promise<void>;
}

/**
 * Keeps the logs of a running system small, and says when space runs out on the disk of its state folder and when there is some again.
 *
 * @param besides called at every look, for what waits for space
 */
export const lookAfterDisk = (
  state: string,
  {
    report,
    besides,
    everyMs = LOOK_EVERY_MS,
    maxBytes = LOG_MAX_BYTES,
  }: { report: Report; besides: () => void; everyMs?: number; maxBytes?: number },
): DiskWatch => {
  const logs = join(state, 'logs');
  const saidOf = new Set<string>();
  let isFull = false;

  const rotate = async (name: string): Promise<void> => {
    try {
      await rotateLog(join(logs, name), maxBytes);
      saidOf.delete(name);
    } catch (error) {
      if (!saidOf.has(name))
        report(`The log ${join(logs, name)} is over ${maxBytes} bytes and cannot be cut: ${(error as Error).message}.`);
      saidOf.add(name);
    }
  };
  const look = async (): Promise<void> => {
    const names = await readdir(logs).catch(() => []);
    for (const name of names.filter((each) => each.endsWith('.log'))) await rotate(name);
    besides();
    const problem = await spaceProblem(state);
    if (problem !== undefined && !isFull) report(problem);
    if (problem === undefined && isFull) report(`There is space again on the disk of ${state}.`);
    isFull = problem !== undefined;
  };

  let looking = Promise.resolve();
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    looking = look().finally(() => (busy = false));
  }, everyMs);
  return {
    close: () => {
      clearInterval(timer);
      return looking;
    },
  };
};
