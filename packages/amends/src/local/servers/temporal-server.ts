import { Connection } from '@temporalio/client';
import type { Part } from '../processes/part.ts';
import { serverEnvironment } from '../processes/server-environment.ts';

const READY_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 2_000;
/** With a write-ahead log nothing is lost when a process is killed; only a power cut can lose the last moments. */
const SQLITE = ['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=1'];

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
  readonly searchAttributes?: Readonly<Record<string, 'Keyword' | 'Datetime'>>;
  /** The server's own tuning, e.g. `{'limit.blobSize.error': 1000}`. */
  readonly dynamicConfig?: Readonly<Record<string, number | boolean>>;
  readonly logFile: string;
}

/** A real Temporal server; ready when its namespace `default` is there. */
export const temporalServer = (options: TemporalServerOptions): Part => {
  const { program, host, port, uiPort, file, searchAttributes = {}, dynamicConfig = {}, logFile } = options;
  const args = ['server', 'start-dev', '--ip', host, '--port', String(port), '--log-level', 'warn'];
  args.push(...(uiPort === undefined ? ['--headless'] : ['--ui-ip', host, '--ui-port', String(uiPort)]));
  if (file !== undefined) args.push('--db-filename', file, ...SQLITE);
  for (const [name, type] of Object.entries(searchAttributes)) args.push('--search-attribute', `${name}=${type}`);
  for (const [name, value] of Object.entries(dynamicConfig)) args.push('--dynamic-config-value', `${name}=${value}`);
  return {
    name: 'Temporal',
    command: program,
    args,
    env: serverEnvironment(),
    cwd: '/',
    logFile,
    stopSignal: 'SIGTERM',
    check: () => askNamespace(`${host}:${port}`),
    readyWithinMs: READY_TIMEOUT_MS,
  };
};

const askNamespace = async (address: string): Promise<void> => {
  const connection = await Connection.connect({ address, connectTimeout: CONNECT_TIMEOUT_MS });
  try {
    await connection.workflowService.describeNamespace({ namespace: 'default' });
  } finally {
    await connection.close();
  }
};
