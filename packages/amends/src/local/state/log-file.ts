import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readFile, rename, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { spaceProblem } from './disk-space.ts';

const TAIL_LINES = 15;
const OWNER_ONLY = { file: 0o600, folder: 0o700 };
/** Of each process, beside the one that is written. */
const KEPT_LOGS = 3;

/** `<folder>/<name>.log` for a new run; the logs of the runs before are kept as `<name>.log.1` to `.3`. */
export const freshLogFile = async (folder: string, name: string): Promise<string> => {
  await mkdir(folder, { recursive: true, mode: OWNER_ONLY.folder });
  const path = join(folder, `${name}.log`);
  if (existsSync(path)) {
    await moveOlder(path);
    await rename(path, `${path}.1`);
  }
  return path;
};

/**
 * Keeps a log that a process is writing to below the limit: its text goes to `<log>.1` (which goes to `.2`, and that to `.3`), and it begins
 * anew. The process notices nothing: it appends. What it writes between the copy and the cut, a moment, is lost.
 *
 * @throws when there is no space for the copy; the oldest is gone then, and the log as it was
 */
export const rotateLog = async (path: string, maxBytes: number): Promise<void> => {
  const { size } = await stat(path);
  if (size <= maxBytes) return;
  await moveOlder(path);
  try {
    await copyFile(path, `${path}.1`);
    await chmod(`${path}.1`, OWNER_ONLY.file);
  } catch (error) {
    await rm(`${path}.1`, { force: true });
    throw error;
  }
  await truncate(path);
};

/** Makes room for a new `<log>.1`; the oldest goes. */
const moveOlder = async (path: string): Promise<void> => {
  for (let number = KEPT_LOGS - 1; number >= 1; number -= 1) {
    if (existsSync(`${path}.${number}`)) await rename(`${path}.${number}`, `${path}.${number + 1}`);
  }
};

/** The last lines of a log, under a line that says where it lies, and that its end may be missing where no space is left. */
export const tailOf = async (path: string): Promise<string> => {
  const text = await readFile(path, 'utf8').catch(() => '');
  const lines = text.trimEnd().split('\n').slice(-TAIL_LINES);
  const full = await spaceProblem(path);
  return [...(full === undefined ? [] : [full]), `Its log ${path} ends:`, ...lines.map((line) => `  ${line}`)].join(
    '\n',
  );
};
