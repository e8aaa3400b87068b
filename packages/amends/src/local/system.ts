import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { entriesOf, type Place, type SystemConfig } from '@amends/runtime/internal';
import { buildProcesses, stopCompiler } from './build/build.ts';
import { besideEnvironment, childEnvironment, serviceEnvironment } from './processes/child-environment.ts';
import { prepareDatabases } from './databases.ts';
import { inWords } from './state/disk-space.ts';
import { stateDir } from './state/folders.ts';
import { checkGivenServers } from './given-servers.ts';
import { freshLogFile } from './state/log-file.ts';
import { answersReady, nodeProcess } from './processes/node-process.ts';
import { openRun, type OpenRun } from './state/open-run.ts';
import { ownNats, ownPostgres, ownTemporal, type Server } from './own-servers.ts';
import { passableFolder } from './state/passable-folder.ts';
import { checkPorts } from './ports/ports.ts';
import { runTogether, type Display, type Step } from './processes/progress.ts';
import type { Stage } from './processes/stage.ts';
import { systemUrls, type SystemUrls } from './system-urls.ts';
import { workersReady } from './workers-ready.ts';

export interface StartOptions {
  /** `quiet`: nothing is printed while it starts; `shown`: a live list on a terminal, lines elsewhere. */
  readonly progress: 'quiet' | 'shown';
  /** Aborting it ends a start that is under way: what was started is stopped in order, and the start rejects. */
  readonly signal?: AbortSignal;
  /** Takes a sentence when a part of the system ends by itself and is started again; default: standard error. */
  readonly report?: (sentence: string) => void;
}

export interface System {
  readonly urls: SystemUrls;
  /** Stops everything this start started, in order; may be repeated. What was open goes on at the next start. */
  readonly close: () => Promise<void>;
}

/**
 * Starts the whole system that is not there yet, and keeps it running until closed.
 *
 * @throws StartError with a sentence for the person who started it; nothing is left running then
 */
export const startSystem = async (config: SystemConfig, options: StartOptions): Promise<System> => {
  try {
    return await start(config, options);
  } catch (error) {
    throw inWords(error, stateDir(config));
  }
};

const start = async (config: SystemConfig, options: StartOptions): Promise<System> => {
  const { progress, signal, report = console.error } = options;
  const state = stateDir(config);
  await passableFolder(state);
  const urls = systemUrls(config);
  const opened = await openRun(state, urls, report);
  const calledOff = new AbortController();
  const callOff = (): void => calledOff.abort();
  const interrupt = (): void => {
    callOff();
    void opened.close();
  };
  signal?.addEventListener('abort', interrupt, { once: true });
  try {
    signal?.throwIfAborted();
    const display = { shown: progress === 'shown', failed: callOff };
    await checkPorts(config);
    await checkGivenServers(config);
    const made = await startServers(config, { state, opened, signal: calledOff.signal, display });
    await startProcesses(config, { state, opened, made, display });
    opened.ready();
    return { urls, close: opened.close };
  } catch (error) {
    await opened.close();
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', interrupt);
    await stopCompiler();
  }
};

interface Begun {
  readonly state: string;
  readonly opened: OpenRun;
  readonly display: Display;
}

type Made = Awaited<ReturnType<typeof startServers>>;

const startServers = (config: SystemConfig, { state, opened, signal, display }: Begun & { signal: AbortSignal }) => {
  const started = async <A>(stage: Stage, { part, address }: Server<A>): Promise<A> => {
    if (part !== undefined) await opened.run(stage, part);
    return address;
  };
  return runTogether(
    {
      temporal: {
        title: 'Temporal and its Web UI',
        run: async (report) => started('servers', await ownTemporal(config, state, { report, signal })),
      },
      natsUrl: {
        title: config.NATS_URL === undefined ? 'no broker: events go over HTTP' : 'NATS',
        run: async (report) => started('servers', await ownNats(config, state, { report, signal })),
      },
      databases: {
        title: 'PostgreSQL and a database for each service',
        run: async () => {
          const adminUrl = await started('database', await ownPostgres(config, state));
          const owners = config.places.filter(({ database }) => database);
          return prepareDatabases(
            adminUrl,
            join(state, 'passwords'),
            owners.map(({ name }) => name),
          );
        },
      },
      build: { title: 'the processes, built', run: () => buildProcesses(entriesOf(config.system)) },
    },
    display,
  );
};

const startProcesses = async (
  config: SystemConfig,
  { state, opened, made, display }: Begun & { made: Made },
): Promise<void> => {
  const env = childEnvironment(config, {
    natsUrl: made.natsUrl,
    pushToken: config.PUSH_TOKEN ?? randomBytes(32).toString('base64url'),
  });
  const { connectionOptions, namespace } = made.temporal;
  const step = (
    stage: Stage,
    name: string,
    process: Pick<Parameters<typeof nodeProcess>[0], 'entry' | 'env' | 'check'>,
  ): Step<void> => ({
    title: name,
    run: async () => {
      const logFile = await freshLogFile(join(state, 'logs'), name);
      await opened.run(stage, nodeProcess({ name, build: made.build, logFile, ...process }));
    },
  });
  const environmentOf = (place: Place) => {
    if (place.kind === 'api') return env;
    if (place.kind === 'beside') return besideEnvironment(env, place, join(state, place.name));
    return serviceEnvironment(env, made.databases[place.name]);
  };
  const own = config.places.flatMap((place): [string, Step<void>][] => {
    const { name, kind, entry, ownUrl } = place;
    if (entry === null || ownUrl === null) return [];
    const stage = kind === 'api' ? 'api' : 'services';
    return [[name, step(stage, name, { entry, env: environmentOf(place), check: () => answersReady(ownUrl) })]];
  });
  await runTogether(
    {
      ...Object.fromEntries(own),
      workers: step('workers', 'workers', {
        entry: config.system.workers.entry,
        env,
        check: (child) =>
          workersReady(connectionOptions, namespace, (identity) => identity.startsWith(`${child.identity.pid}@`)),
      }),
    },
    display,
  );
};
