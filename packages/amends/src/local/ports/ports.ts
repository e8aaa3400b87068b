import { createServer } from 'node:net';
import type { Place, SystemConfig } from '@amends/runtime';
import { LOOPBACK } from './loopback.ts';
import { StartError } from '../start-error.ts';

interface PortUse {
  readonly variable: string;
  readonly title: string;
  readonly port: number;
  /** It listens there whatever HOST says. */
  readonly host?: string;
}

/** What is started here listens somewhere; what is somebody else's does not matter. */
const portUses = (config: SystemConfig): readonly PortUse[] => {
  const { TEMPORAL_PORT, TEMPORAL_UI_PORT, POSTGRES_PORT, NATS_PORT, places } = config;
  const titleOf = ({ name, kind }: Place): string =>
    kind === 'api' ? 'the API' : kind === 'service' ? `the ${name} service` : `the ${name}`;
  const own = places.flatMap((place): PortUse[] =>
    place.port === null ? [] : [{ variable: `${place.variable}_PORT`, title: titleOf(place), port: place.port }],
  );
  return [
    ...own,
    ...(config.TEMPORAL_ADDRESS === undefined
      ? [
          { variable: 'TEMPORAL_PORT', title: 'Temporal', port: TEMPORAL_PORT },
          { variable: 'TEMPORAL_UI_PORT', title: 'the Temporal Web UI', port: TEMPORAL_UI_PORT },
        ]
      : []),
    ...(config.DATABASE_URL === undefined
      ? [{ variable: 'POSTGRES_PORT', title: 'PostgreSQL', port: POSTGRES_PORT, host: LOOPBACK }]
      : []),
    ...(config.NATS_IS_GIVEN ? [] : [{ variable: 'NATS_PORT', title: 'NATS', port: NATS_PORT, host: LOOPBACK }]),
  ];
};

/**
 * Looks at every port that the start will need before anything is started.
 *
 * @throws StartError that names every busy port, and every port given twice, with its variable; or HOST, when it is no address of
 * this machine
 */
export const checkPorts = async (config: SystemConfig): Promise<void> => {
  const needed = portUses(config);
  const complaints: string[] = [];
  for (const [index, use] of needed.entries()) {
    const { port } = use;
    const twin = needed.slice(0, index).find((other) => other.port === port);
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
