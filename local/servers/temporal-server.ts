import { Connection } from '@temporalio/client';
import { inheritedEnvironment } from '../../platform/config.ts';
import { startChild, type Child } from '../child.ts';
import { untilReady } from './until-ready.ts';

const READY_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 2_000;

export interface TemporalServerOptions {
  /** The Temporal CLI. */
  readonly program: string;
  readonly host: string;
  readonly port: number;
  /** The Web UI's; without it there is none. */
  readonly uiPort?: number;
  /** Where the server keeps everything; without it in memory. */
  readonly file?: string;
  /** Search attributes to begin with, e.g. `{SagaKey: 'Keyword'}`. */
  readonly searchAttributes?: Readonly<Record<string, 'Keyword'>>;
  readonly logFile: string;
}

/** Starts a real Temporal server and waits until its namespace `default` is there. @throws StartError */
export const startTemporalServer = async (options: TemporalServerOptions): Promise<Child> => {
  const { program, host, port, uiPort, file, searchAttributes = {}, logFile } = options;
  const args = ['server', 'start-dev', '--ip', host, '--port', String(port), '--log-level', 'warn'];
  args.push(...(uiPort === undefined ? ['--headless'] : ['--ui-ip', host, '--ui-port', String(uiPort)]));
  if (file !== undefined) args.push('--db-filename', file);
  for (const [name, type] of Object.entries(searchAttributes)) args.push('--search-attribute', `${name}=${type}`);
  const child = await startChild({
    name: 'Temporal',
    command: program,
    args,
    env: withoutTemporalVariables(inheritedEnvironment()),
    cwd: '/',
    logFile,
    stopSignal: 'SIGTERM',
  });
  try {
    await untilReady(child, () => askNamespace(`${host}:${port}`), READY_TIMEOUT_MS);
  } catch (error) {
    await child.stop();
    throw error;
  }
  return child;
};

/** The CLI would take another server's address or namespace from them. */
const withoutTemporalVariables = (env: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));

const askNamespace = async (address: string): Promise<void> => {
  const connection = await Connection.connect({ address, connectTimeout: CONNECT_TIMEOUT_MS });
  try {
    await connection.workflowService.describeNamespace({ namespace: 'default' });
  } finally {
    await connection.close();
  }
};
