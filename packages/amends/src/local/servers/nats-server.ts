import { connect } from 'node:net';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Part } from '../processes/part.ts';
import { serverEnvironment } from '../processes/server-environment.ts';

const READY_TIMEOUT_MS = 20_000;
const GREETING_TIMEOUT_MS = 1_000;
const OWNER_ONLY = { file: 0o600, folder: 0o700 };

export interface NatsServerOptions {
  readonly program: string;
  readonly host: string;
  readonly port: number;
  /** Where its configuration and JetStream's store lie. */
  readonly folder: string;
  readonly logFile: string;
}

/** A real NATS server with JetStream, which has on disk what it acknowledges; ready when it greets. Writes its configuration. */
export const natsServer = async (options: NatsServerOptions): Promise<Part> => {
  const { program, host, port, folder, logFile } = options;
  await mkdir(folder, { recursive: true, mode: OWNER_ONLY.folder });
  const configuration = join(folder, 'nats.conf');
  const store = join(folder, 'jetstream');
  const lines = [
    `host: ${JSON.stringify(host)}`,
    `port: ${port}`,
    'server_name: amends',
    // an event of the largest size, and a dead letter's headers around it
    'max_payload: 2MB',
    `jetstream { store_dir: ${JSON.stringify(store)}, sync_interval: always }`,
  ];
  await writeFile(configuration, `${lines.join('\n')}\n`, { mode: OWNER_ONLY.file });
  return {
    name: 'NATS',
    command: program,
    args: ['--config', configuration],
    env: serverEnvironment(),
    cwd: '/',
    logFile,
    stopSignal: 'SIGTERM',
    check: () => greeting(host, port),
    readyWithinMs: READY_TIMEOUT_MS,
  };
};

/** A NATS server speaks first, once it serves. */
const greeting = (host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: GREETING_TIMEOUT_MS });
    const end = (act: () => void): void => {
      socket.destroy();
      act();
    };
    socket.once('data', (data) =>
      end(String(data).startsWith('INFO') ? resolve : () => reject(new Error(`port ${port} is no NATS server`))),
    );
    socket.once('timeout', () => end(() => reject(new Error('no greeting'))));
    socket.once('error', (error) => end(() => reject(error)));
    // a server that is ended meanwhile closes without an error
    socket.once('close', () => reject(new Error('no greeting')));
  });
