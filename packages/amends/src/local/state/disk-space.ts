import { statfs } from 'node:fs/promises';
import { StartError } from '../start-error.ts';

/** With less than this PostgreSQL, which makes its journal in files of 16 MiB, may stop at any moment. */
const LEAST_BYTES = 32 * 1024 * 1024;
const MIB = 1024 * 1024;

/** Says that no space is left, or next to none, on the disk that a path lies on; undefined when there is enough. */
export const spaceProblem = async (path: string): Promise<string | undefined> => {
  const disk = await statfs(path).catch(() => undefined);
  if (disk === undefined) return undefined;
  const free = disk.bavail * disk.bsize;
  if (free >= LEAST_BYTES) return undefined;
  return `Only ${(free / MIB).toFixed(1)} MiB are free on the disk of ${path}: what runs there cannot store, until somebody makes space.`;
};

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on its disk',
  EDQUOT: 'the quota of its disk is used up',
  EROFS: 'its disk is read-only',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
};

/** An error of the file system that a person can do something about, as a sentence; every other as it is. */
export const inWords = (error: unknown, folder: string): unknown => {
  const { code = '', path } = error as NodeJS.ErrnoException;
  const reason = error instanceof Error ? REASONS[code] : undefined;
  return reason === undefined
    ? error
    : new StartError(`${path ?? folder} cannot be written: ${reason}.`, { cause: error });
};
