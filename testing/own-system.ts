import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownPortsOf } from '../packages/testing/src/system/own-ports.ts';
import { shopSystem } from './the-shop.ts';

const ANYONE_MAY_PASS = 0o711;

/** The port variables of a whole shop, each on a port that is free now. */
export const ownPorts = (): Promise<Record<string, string>> => ownPortsOf(shopSystem);

/** An empty folder for a system's data, which a database server that may not run as root can pass; to be removed by the test. */
export const ownState = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'amends-system-'));
  await chmod(folder, ANYONE_MAY_PASS);
  return folder;
};
