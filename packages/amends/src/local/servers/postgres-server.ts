import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import type { User } from '../processes/child.ts';
import type { Part } from '../processes/part.ts';
import { isAlive } from '../processes/process-identity.ts';
import { serverEnvironment } from '../processes/server-environment.ts';
import { StartError } from '../start-error.ts';
import { runProgram } from './run-program.ts';

const READY_TIMEOUT_MS = 60_000;
const INIT_TIMEOUT_MS = 60_000;
const CONNECT_TIMEOUT_MS = 2_000;
const PASSWORD_BYTES = 24;
const MAX_CONNECTIONS = 200;
const OWNER_ONLY = { file: 0o600, folder: 0o700 };

/** The role that owns the cluster, and a database that is always there. */
const SUPERUSER = 'postgres';
const HOST = '127.0.0.1';

export interface PostgresServerOptions {
  /** The folder with `bin/`, see `postgresBinaries`. */
  readonly binaries: string;
  readonly port: number;
  /** A folder that the user may enter; the cluster lies in it as `cluster`. */
  readonly folder: string;
  /** Whom it runs as; ourselves when undefined. A cluster that exists runs as its owner. */
  readonly user: User | undefined;
  /** False only where losing data with the machine is no loss. */
  readonly durable: boolean;
  readonly logFile: string;
}

/** A real PostgreSQL and the URL of its superuser; makes the cluster when there is none. @throws StartError */
export const postgresServer = async (options: PostgresServerOptions): Promise<{ part: Part; url: string }> => {
  const { binaries, port, folder, durable, logFile } = options;
  const passwordFile = join(folder, 'password');
  const cluster = join(folder, 'cluster');
  if (!existsSync(cluster)) await createCluster(options, cluster, passwordFile);
  const password = (await readFile(passwordFile, 'utf8')).trim();
  const settings = [
    `listen_addresses=${HOST}`,
    `port=${port}`,
    'unix_socket_directories=',
    `max_connections=${MAX_CONNECTIONS}`,
    `fsync=${durable ? 'on' : 'off'}`,
  ];
  const url = `postgres://${SUPERUSER}:${password}@${HOST}:${port}/${SUPERUSER}`;
  const part: Part = {
    name: 'PostgreSQL',
    command: join(binaries, 'bin', 'postgres'),
    args: ['-D', cluster, ...settings.flatMap((setting) => ['-c', setting])],
    env: serverEnvironment(),
    cwd: '/',
    logFile,
    // fast shutdown: what is committed is kept, what is open is rolled back
    stopSignal: 'SIGINT',
    user: options.user && (await ownerOf(cluster)),
    check: () => ask(url),
    readyWithinMs: READY_TIMEOUT_MS,
  };
  return { part, url };
};

/** Made under a name of its own first, so that a start that was killed leaves no half cluster behind. */
const createCluster = async (options: PostgresServerOptions, cluster: string, passwordFile: string): Promise<void> => {
  const { binaries, folder, user } = options;
  for (const entry of await readdir(folder)) {
    const pid = Number(/^cluster\.(\d+)$/.exec(entry)?.[1]);
    if (pid > 0 && !isAlive(pid)) await rm(join(folder, entry), { recursive: true, force: true });
  }
  const half = `${cluster}.${process.pid}`;
  await mkdir(half, { mode: OWNER_ONLY.folder });
  await writeFile(passwordFile, `${randomBytes(PASSWORD_BYTES).toString('hex')}\n`, { mode: OWNER_ONLY.file });
  if (user) await Promise.all([half, passwordFile].map((path) => chown(path, user.uid, user.gid)));
  const initArguments = ['-D', half, '-U', SUPERUSER, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  initArguments.push('--no-instructions', '--encoding=UTF8', '--locale=C');
  if (!options.durable) initArguments.push('--no-sync');
  const { code, output } = await runProgram(join(binaries, 'bin', 'initdb'), initArguments, {
    timeoutMs: INIT_TIMEOUT_MS,
    cwd: '/',
    env: serverEnvironment(),
    user,
  });
  if (code !== 0) {
    await rm(half, { recursive: true, force: true });
    throw new StartError(`PostgreSQL could not make its cluster in ${folder}: ${output}`);
  }
  await rename(half, cluster);
};

const ownerOf = async (path: string): Promise<User> => {
  const { uid, gid } = await stat(path);
  return { uid, gid };
};

const ask = async (connectionString: string): Promise<void> => {
  const client = new Client({ connectionString, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  // a connection that breaks while it is refused reports twice
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
  } finally {
    await client.end();
  }
};
