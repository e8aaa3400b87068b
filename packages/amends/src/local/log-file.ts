import { existsSync } from 'node:fs';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';

const TAIL_LINES = 15;
const OWNER_ONLY = 0o700;

/** `<folder>/<name>.log` for a new run; the log of the run before is kept as `<name>.log.1`. */
export const freshLogFile = async (folder: string, name: string): Promise<string> => {
  await mkdir(folder, { recursive: true, mode: OWNER_ONLY });
  const path = join(folder, `${name}.log`);
  if (existsSync(path)) await rename(path, `${path}.1`);
  return path;
};

/** The last lines of a log, under a line that says where it lies. */
export const tailOf = async (path: string): Promise<string> => {
  const text = await readFile(path, 'utf8').catch(() => '');
  const lines = text.trimEnd().split('\n').slice(-TAIL_LINES);
  return [`Its log ${path} ends:`, ...lines.map((line) => `  ${line}`)].join('\n');
};
