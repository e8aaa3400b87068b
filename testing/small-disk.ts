import { execFileSync } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../packages/testing/src/servers/temporary-folder.ts';

const BLOCK = Buffer.alloc(64 * 1024, 'x');

/** Whether a disk of its own can be made here: only root can mount. */
export const canMount = process.platform === 'linux' && process.getuid?.() === 0;

/** A disk of so many MiB, until the test's end: `fill` leaves not a byte of it, `free` takes that back. */
export const smallDisk = async (mebibytes: number) => {
  const folder = await temporaryFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=0711`, 'tmpfs', folder]);
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
  await chmod(folder, 0o711);
  const ballast = join(folder, 'ballast');
  const fill = (): void => {
    const file = openSync(ballast, 'a');
    try {
      for (let size = BLOCK.length; size > 0;) {
        try {
          writeSync(file, BLOCK, 0, size);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
          size = Math.floor(size / 2);
        }
      }
    } finally {
      closeSync(file);
    }
  };
  return { folder, fill, free: () => rm(ballast, { force: true }) };
};
