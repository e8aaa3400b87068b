import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '@amends/runtime/internal';
import { temporalConnection } from '@amends/client/internal';
import type { Errand } from './processes/errand.ts';
import { freshLogFile } from './state/log-file.ts';
import { LOOPBACK } from './ports/loopback.ts';
import { passableFolder } from './state/passable-folder.ts';
import type { Part } from './processes/part.ts';
import { findNatsServer } from './servers/nats-program.ts';
import { natsServer } from './servers/nats-server.ts';
import { postgresBinaries } from './servers/postgres-binaries.ts';
import { postgresServer } from './servers/postgres-server.ts';
import { findTemporalCli } from './servers/temporal-program.ts';
import { temporalServer } from './servers/temporal-server.ts';
import { mayEnter, unprivilegedUser } from './servers/unprivileged-user.ts';
import { StartError } from './start-error.ts';

const OWNER_ONLY = 0o700;

/** What is started for a server, if it is ours, and where it is reached in either case. */
export interface Server<Address> {
  readonly part?: Part;
  readonly address: Address;
}

/** The Temporal server of this system, its data in `<state>/temporal`, or the one of `TEMPORAL_ADDRESS`. @throws StartError */
export const ownTemporal = async (
  config: Config,
  state: string,
  errand: Errand,
): Promise<Server<ReturnType<typeof temporalConnection>>> => {
  if (config.TEMPORAL_ADDRESS !== undefined) return { address: temporalConnection(config) };
  const program = await findTemporalCli(config, errand);
  const folder = join(state, 'temporal');
  await mkdir(folder, { recursive: true, mode: OWNER_ONLY });
  const part = temporalServer({
    program,
    host: config.HOST,
    port: config.TEMPORAL_PORT,
    uiPort: config.TEMPORAL_UI_PORT,
    file: join(folder, 'temporal.db'),
    logFile: await freshLogFile(join(state, 'logs'), 'temporal'),
  });
  const address = `${config.HOST}:${config.TEMPORAL_PORT}`;
  return { part, address: { connectionOptions: { address }, namespace: 'default' } };
};

/** The NATS server of this system, its data in `<state>/nats`, or the one of `NATS_URL`; none, where that says so. @throws StartError */
export const ownNats = async (config: Config, state: string, errand: Errand): Promise<Server<string | undefined>> => {
  if (config.NATS_IS_GIVEN) return { address: config.NATS_URL };
  const part = await natsServer({
    program: await findNatsServer(config, errand),
    host: LOOPBACK,
    port: config.NATS_PORT,
    folder: join(state, 'nats'),
    logFile: await freshLogFile(join(state, 'logs'), 'nats'),
  });
  return { part, address: `nats://${LOOPBACK}:${config.NATS_PORT}` };
};

/** The PostgreSQL of this system, its data in `<state>/postgres`, or the one of `DATABASE_URL`. @throws StartError */
export const ownPostgres = async (config: Config, state: string): Promise<Server<string>> => {
  if (config.DATABASE_URL !== undefined) return { address: config.DATABASE_URL };
  const user = await unprivilegedUser(config);
  const folder = join(state, 'postgres');
  await passableFolder(folder);
  if (user !== undefined && !mayEnter(folder, user)) {
    throw new StartError(
      `PostgreSQL does not run as root, and user ${user.uid}, as whom it runs, may not enter ${folder}. Choose another AMENDS_STATE_DIR, or let others pass the folders above it (chmod o+x).`,
    );
  }
  const { part, url } = await postgresServer({
    binaries: await postgresBinaries(config, user),
    port: config.POSTGRES_PORT,
    folder,
    user,
    durable: true,
    logFile: await freshLogFile(join(state, 'logs'), 'postgres'),
  });
  return { part, address: url };
};
