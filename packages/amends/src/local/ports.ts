import { createServer } from 'node:net';
import type { Config } from '@amends/runtime/internal';
import { LOOPBACK } from './loopback.ts';
import { StartError } from './start-error.ts';

interface PortUse {
  readonly variable: keyof Config & `${string}_PORT`;
  readonly title: string;
  /** The variable that, when set, makes this part somebody else's, and its port no matter. */
  readonly unless?: 'TEMPORAL_ADDRESS' | 'DATABASE_URL' | 'NATS_IS_GIVEN';
  /** It listens there whatever HOST says. */
  readonly host?: string;
}

const PORT_USES: readonly PortUse[] = [
  { variable: 'API_PORT', title: 'the API' },
  { variable: 'TEMPORAL_PORT', title: 'Temporal', unless: 'TEMPORAL_ADDRESS' },
  { variable: 'TEMPORAL_UI_PORT', title: 'the Temporal Web UI', unless: 'TEMPORAL_ADDRESS' },
  { variable: 'POSTGRES_PORT', title: 'PostgreSQL', unless: 'DATABASE_URL', host: LOOPBACK },
  { variable: 'NATS_PORT', title: 'NATS', unless: 'NATS_IS_GIVEN', host: LOOPBACK },
  { variable: 'ORDERS_PORT', title: 'the orders service' },
  { variable: 'INVENTORY_PORT', title: 'the inventory service' },
  { variable: 'PAYMENTS_PORT', title: 'the payments service' },
  { variable: 'SHIPPING_PORT', title: 'the shipping service' },
  { variable: 'NOTIFICATIONS_PORT', title: 'the notifications service' },
  { variable: 'PROVIDER_PORT', title: 'the card provider' },
];

/**
 * Looks at every port that the start will need before anything is started.
 *
 * @throws StartError that names every busy port, and every port given twice, with its variable; or HOST, when it is no address of
 * this machine
 */
export const checkPorts = async (config: Config): Promise<void> => {
  const needed = PORT_USES.filter(({ unless }) => unless === undefined || !config[unless]);
  const complaints: string[] = [];
  for (const [index, use] of needed.entries()) {
    const port = config[use.variable];
    const twin = needed.slice(0, index).find(({ variable }) => config[variable] === port);
    if (twin) {
      complaints.push(
        `Port ${port} is given to both ${twin.title} (${twin.variable}) and ${use.title} (${use.variable}).`,
      );
      continue;
    }
    const host = use.host ?? config.HOST;
    const reason = await whyNotFree(host, port);
    if (reason && WRONG_HOST.includes(reason)) {
      throw new StartError(`HOST names ${host}, which is no address of this machine (${reason}).`);
    }
    if (reason === 'EADDRINUSE') complaints.push(`Port ${port} for ${use.title} is busy: ${use.variable} changes it.`);
    else if (reason)
      complaints.push(`Port ${port} for ${use.title} is not to be had (${reason}): ${use.variable} changes it.`);
  }
  if (complaints.length > 0) throw new StartError(complaints.join('\n'));
};

/** These say nothing about a port. */
const WRONG_HOST: readonly string[] = ['ENOTFOUND', 'EADDRNOTAVAIL', 'EAI_AGAIN'];

const whyNotFree = (host: string, port: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
