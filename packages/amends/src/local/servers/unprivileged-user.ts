import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Config } from '@amends/runtime/internal';
import type { User } from '../processes/child.ts';
import { StartError } from '../start-error.ts';
import { runProgram } from './run-program.ts';

const ASK_TIMEOUT_MS = 5_000;
const CANDIDATES = ['postgres', 'nobody'] as const;

/**
 * Whom PostgreSQL runs as, because it refuses to run as root: whoever called sudo, else `postgres`, else `nobody`;
 * `undefined` (ourselves) when we are not root.
 */
export const unprivilegedUser = async (config: Pick<Config, 'SUDO_UID' | 'SUDO_GID'>): Promise<User | undefined> => {
  if (process.getuid?.() !== 0) return undefined;
  if (config.SUDO_UID !== 0) return { uid: config.SUDO_UID, gid: config.SUDO_GID };
  for (const name of CANDIDATES) {
    const [uid, gid] = await Promise.all([idOf('-u', name), idOf('-g', name)]);
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw new StartError(
    'PostgreSQL does not run as root, and there is neither a user postgres nor nobody. Start as an ordinary user, or name a running server with DATABASE_URL.',
  );
};

const idOf = async (flag: string, name: string): Promise<number | undefined> => {
  const { code, output } = await runProgram('id', [flag, name], { timeoutMs: ASK_TIMEOUT_MS });
  const id = Number(output);
  return code === 0 && Number.isInteger(id) && id > 0 ? id : undefined;
};

const OWNER_MAY_ENTER = 0o100;
const GROUP_MAY_ENTER = 0o010;
const OTHERS_MAY_ENTER = 0o001;

/** Whether that user may enter a folder that exists, and every folder above it. */
export const mayEnter = (folder: string, { uid, gid }: User): boolean => {
  const { mode, uid: owner, gid: group } = statSync(folder);
  const bit = owner === uid ? OWNER_MAY_ENTER : group === gid ? GROUP_MAY_ENTER : OTHERS_MAY_ENTER;
  if ((mode & bit) === 0) return false;
  const above = dirname(folder);
  return above === folder || mayEnter(above, { uid, gid });
};
