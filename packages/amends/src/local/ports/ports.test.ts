import { createServer, type Server } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import type { SystemConfig } from '../../../../runtime/src/config.ts';
import { placeOf } from '../../../../runtime/src/system/places-of.ts';
import { ownPortsOf } from '../../../../testing/src/system/own-ports.ts';
import { tripsConfig, tripsSystem } from '../../../../testing/fixtures/trips-system.ts';
import { checkPorts } from './ports.ts';

const busy: Server[] = [];
afterEach(() => busy.splice(0).forEach((server) => server.close()));

const occupy = (port: number): Promise<void> =>
  new Promise((resolve) => {
    const server = createServer().listen(port, '127.0.0.1', () => resolve());
    busy.push(server);
  });

const configOnFreePorts = async (overrides: Record<string, string> = {}): Promise<SystemConfig> =>
  tripsConfig({ ...(await ownPortsOf(tripsSystem)), ...overrides });

const portOf = ({ places }: SystemConfig, name: string): number => placeOf(places, name).port ?? 0;

it('passes when every port is free', async () => {
  await expect(checkPorts(await configOnFreePorts())).resolves.toBeUndefined();
});

it('names every busy port with the variable that changes it, not only the first', async () => {
  const config = await configOnFreePorts();
  const [api, hotels, gateway] = [portOf(config, 'api'), portOf(config, 'hotels'), portOf(config, 'pay-gateway')];
  for (const port of [api, hotels, gateway]) await occupy(port);
  await expect(checkPorts(config)).rejects.toThrow(
    `Port ${hotels} for the hotels service is busy: HOTELS_PORT changes it.\n` +
      `Port ${gateway} for the pay-gateway is busy: GATEWAY_PORT changes it.\n` +
      `Port ${api} for the API is busy: API_PORT changes it.`,
  );
});

it('names both variables of a port that is given twice', async () => {
  const port = String(portOf(await configOnFreePorts(), 'api'));
  const config = await configOnFreePorts({ API_PORT: port, HOTELS_PORT: port });
  await expect(checkPorts(config)).rejects.toThrow(
    /to both the hotels service \(HOTELS_PORT\) and the API \(API_PORT\)/,
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
  await occupy(portOf(config, 'api'));
  await expect(checkPorts(config)).rejects.toThrow(
    new RegExp(
      `^Port ${config.POSTGRES_PORT} for PostgreSQL is busy: .*\nPort ${config.NATS_PORT} for NATS is busy: .*$`,
    ),
  );
});
