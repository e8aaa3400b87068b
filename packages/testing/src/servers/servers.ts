import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '@amends/runtime';
import {
  type Child,
  findNatsServer,
  findTemporalCli,
  freePorts,
  natsServer,
  postgresBinaries,
  postgresServer,
  type Report,
  startPart,
  temporalServer,
  unprivilegedUser,
} from 'amends/internal';

/** A real server of a test's own; `stop` ends it, `child` is its process. */
export interface TestServer {
  /** Where it is reached: `host:port` for Temporal, a URL for the others. */
  readonly address: string;
  readonly child: Child;
}

const HOST = '127.0.0.1';
const ANYONE_MAY_PASS = 0o711;

/** A temporary folder for servers, which PostgreSQL's user may pass; `remove` it when the servers have ended. */
export const serverFolder = async (): Promise<{ folder: string; remove: () => Promise<void> }> => {
  const folder = await mkdtemp(join(tmpdir(), 'amends-test-'));
  await chmod(folder, ANYONE_MAY_PASS);
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
};

/** A Temporal server in memory with this project's search attributes; `port` to start it again where it was. */
export const startTestTemporal = async (folder: string, report: Report, port?: number): Promise<TestServer> => {
  const program = await findTemporalCli(readConfig(), { report });
  const own = port ?? (await freePort());
  const part = temporalServer({
    program,
    host: HOST,
    port: own,
    searchAttributes: { SagaStatus: 'Keyword', SagaKey: 'Keyword', SagaStep: 'Keyword', SagaStartedAt: 'Datetime' },
    // a stuck saga is reported after its second failure, not only after its fifth
    dynamicConfig: {
      'system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute': 2,
      'frontend.WorkflowPauseEnabled': true,
    },
    logFile: join(folder, 'temporal.log'),
  });
  return { address: `${HOST}:${own}`, child: await startPart(part) };
};

/** A NATS server with JetStream in `<folder>/nats`, which a second start in the same folder finds again. */
export const startTestNats = async (folder: string, report: Report, port?: number): Promise<TestServer> => {
  const program = await findNatsServer(readConfig(), { report });
  const own = port ?? (await freePort());
  const part = await natsServer({
    program,
    host: HOST,
    port: own,
    folder: join(folder, 'nats'),
    logFile: join(folder, 'nats.log'),
  });
  return { address: `nats://${HOST}:${own}`, child: await startPart(part) };
};

/** A PostgreSQL in `<folder>/postgres`, which a second start in the same folder finds again; its role may do everything. */
export const startTestPostgres = async (folder: string, port?: number): Promise<TestServer> => {
  const config = readConfig();
  const user = await unprivilegedUser(config);
  const binaries = await postgresBinaries(config, user);
  const own = join(folder, 'postgres');
  await mkdir(own, { recursive: true });
  await chmod(own, ANYONE_MAY_PASS);
  const { part, url } = await postgresServer({
    binaries,
    port: port ?? (await freePort()),
    folder: own,
    user,
    durable: false,
    logFile: join(folder, 'postgres.log'),
  });
  return { address: url, child: await startPart(part) };
};

const freePort = async (): Promise<number> => {
  const [port] = await freePorts(1);
  if (port === undefined) throw new Error('there is no free port');
  return port;
};
