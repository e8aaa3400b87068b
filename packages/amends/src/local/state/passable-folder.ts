import { existsSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

const ANYONE_MAY_PASS = 0o711;

/** Makes a folder and what is missing above it, such that anyone may pass through, whatever the umask. */
export const passableFolder = async (folder: string): Promise<void> => {
  if (existsSync(folder)) return;
  await passableFolder(dirname(folder));
  await mkdir(folder, { recursive: true });
  await chmod(folder, ANYONE_MAY_PASS);
};
