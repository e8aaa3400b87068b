import { readSystemConfig } from '@amends/runtime';
import { startSystem } from 'amends/local';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import system from '../amends.config.ts';

const PORTS = ['TEMPORAL', 'TEMPORAL_UI', 'POSTGRES', 'NATS', 'FLIGHTS', 'HOTELS', 'LOYALTY_STAND_IN', 'API'] as const;
/** PostgreSQL does not run as root: whoever it runs as must be able to pass. */
const ANYONE_MAY_PASS = 0o711;

/** Everything that `npm start` starts, on free ports and with data of its own, which is gone when it is closed. */
export const startedSystem = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'travel-'));
  await chmod(folder, ANYONE_MAY_PASS);
  const ports = await freePorts(PORTS.length);
  const variables = Object.fromEntries(PORTS.map((name, at) => [`${name}_PORT`, String(ports[at])]));
  const config = readSystemConfig(system, {
    ...process.env,
    ...variables,
    LOYALTY_URL: `http://127.0.0.1:${variables['LOYALTY_STAND_IN_PORT'] ?? ''}`,
    AMENDS_STATE_DIR: folder,
  });
  const { urls, close } = await startSystem(config, { progress: 'quiet' });
  return {
    urls,
    close: async () => {
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** Ports that are free now, all different. */
const freePorts = async (count: number): Promise<number[]> => {
  const servers = Array.from({ length: count }, () => createServer());
  await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
};
