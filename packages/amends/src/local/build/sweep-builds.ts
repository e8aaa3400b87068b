import { mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from '../processes/process-identity.ts';

/** A build that nobody used for so long is not needed soon. */
const UNUSED_MS = 24 * 60 * 60 * 1_000;
const BUILD = /^build-[0-9a-f]+$/;
/** In a build's folder: a file for each process that started others from it, named by its id. */
const USERS = 'used-by';

/** Notes that this process uses a build, from now until it ends. */
export const useBuild = async (folder: string): Promise<void> => {
  await mkdir(join(folder, USERS), { recursive: true });
  await writeFile(join(folder, USERS, String(process.pid)), '');
  const now = new Date();
  await utimes(folder, now, now);
};

/** Removes the builds of a folder that were last used more than a day ago, but none whose user still lives. */
export const sweepBuilds = async (builds: string): Promise<void> => {
  for (const name of (await readdir(builds)).filter((each) => BUILD.test(each))) {
    const folder = join(builds, name);
    // another start may sweep at the same time
    const used = await stat(folder).catch(() => undefined);
    if (used === undefined || Date.now() - used.mtimeMs < UNUSED_MS) continue;
    const users = await readdir(join(folder, USERS)).catch(() => []);
    if (!users.some((pid) => isAlive(Number(pid)))) await rm(folder, { recursive: true, force: true });
  }
};
