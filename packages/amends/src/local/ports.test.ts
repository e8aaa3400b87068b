import { createServer, type Server } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { readConfig, type Config } from '../../../runtime/src/config.ts';
import { ownPorts } from '../../../../testing/own-system.ts';
import { checkPorts } from './ports.ts';

const busy: Server[] = [];
afterEach(() => busy.splice(0).forEach((server) => server.close()));

const occupy = (port: number): Promise<void> =>
  new Promise((resolve) => {
    const server = createServer().listen(port, '127.0.0.1', () => resolve());
    busy.push(server);
  });

const configOnFreePorts = async (overrides: Record<string, string> = {}): Promise<Config> =>
  readConfig({ ...(await ownPorts()), ...overrides });

it('passes when every port is free', async () => {
  await expect(checkPorts(await configOnFreePorts())).resolves.toBeUndefined();
});

it('names every busy port with the variable that changes it, not only the first', async () => {
  const config = await configOnFreePorts();
  await occupy(config.API_PORT);
  await occupy(config.PAYMENTS_PORT);
  await expect(checkPorts(config)).rejects.toThrow(
    `Port ${config.API_PORT} for the API is busy: API_PORT changes it.\n` +
      `Port ${config.PAYMENTS_PORT} for the payments service is busy: PAYMENTS_PORT changes it.`,
  );
});

it('names both variables of a port that is given twice', async () => {
  const { API_PORT } = await configOnFreePorts();
  const config = await configOnFreePorts({ API_PORT: String(API_PORT), ORDERS_PORT: String(API_PORT) });
  await expect(checkPorts(config)).rejects.toThrow(
    /to both the API \(API_PORT\) and the orders service \(ORDERS_PORT\)/,
  );
});

it('does not mind the port of a server that runs elsewhere', async () => {
  const config = await configOnFreePorts({ NATS_URL: 'nats://127.0.0.1:4222', TEMPORAL_ADDRESS: 'temporal:7233' });
  await occupy(config.NATS_PORT);
  await occupy(config.TEMPORAL_PORT);
  await occupy(config.TEMPORAL_UI_PORT);
  await expect(checkPorts(config)).resolves.toBeUndefined();
});

it.each(['no-such-host.invalid', '203.0.113.7'])(
  'says once that HOST=%s is wrong, and blames no port',
  async (HOST) => {
    const error = await checkPorts(await configOnFreePorts({ HOST })).catch((thrown: unknown) => thrown);
    expect((error as Error).message).toMatch(
      new RegExp(
        `^HOST names ${HOST}, which is no address of this machine \\((ENOTFOUND|EAI_AGAIN|EADDRNOTAVAIL)\\)\\.$`,
      ),
    );
  },
);

it('looks for PostgreSQL and NATS on loopback, where they listen whatever HOST says', async () => {
  const config = await configOnFreePorts({ HOST: '127.0.0.2' });
  await occupy(config.POSTGRES_PORT);
  await occupy(config.NATS_PORT);
  await occupy(config.API_PORT);
  await expect(checkPorts(config)).rejects.toThrow(
    new RegExp(
      `^Port ${config.POSTGRES_PORT} for PostgreSQL is busy: .*\nPort ${config.NATS_PORT} for NATS is busy: .*$`,
    ),
  );
});
