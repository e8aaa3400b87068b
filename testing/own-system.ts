import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../packages/amends/src/local/free-ports.ts';
import { VARIABLES } from '../packages/runtime/src/config.ts';
import { placesOf } from '../packages/runtime/src/system/places-of.ts';
import { shopSystem } from './the-shop.ts';

const ANYONE_MAY_PASS = 0o711;

/** The port variables of a whole system, each on a port that is free now. */
export const ownPorts = async (): Promise<Record<string, string>> => {
  const places = placesOf(shopSystem, '127.0.0.1', {});
  const names = [...VARIABLES.filter((name) => name.endsWith('_PORT')), ...places.map(({ variable }) => `${variable}_PORT`)];
  const ports = await freePorts(names.length);
  return Object.fromEntries(names.map((name, at) => [name, String(ports[at])]));
};

/** An empty folder for a system's data, which a database server that may not run as root can pass; to be removed by the test. */
export const ownState = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'amends-system-'));
  await chmod(folder, ANYONE_MAY_PASS);
  return folder;
};
