import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from '../processes/process-identity.ts';

/**
 * The folder `<cache>/<name>`, filled once: `fill` works in a half-fetched folder named by this process (`<name>.<pid>.<random>`) that
 * takes its name only when it is complete, so that a start that was killed, or two at once, leave nothing broken behind.
 */
export const cachedFolder = async (
  cache: string,
  name: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> => {
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  await sweepHalfFetched(cache, name);
  const half = join(cache, `${name}.${process.pid}.${randomUUID()}`);
  try {
    await mkdir(half);
    await fill(half);
    await rename(half, folder).catch((error: unknown) => {
      // another start was faster: its folder is as good
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(half, { recursive: true, force: true });
  }
  return folder;
};

/** Removes what dead processes left half-fetched. */
const sweepHalfFetched = async (cache: string, name: string): Promise<void> => {
  for (const entry of await readdir(cache)) {
    const pid = entry.startsWith(`${name}.`) ? Number.parseInt(entry.slice(name.length + 1), 10) : Number.NaN;
    if (!Number.isInteger(pid) || isAlive(pid)) continue;
    await rm(join(cache, entry), { recursive: true, force: true });
  }
};
