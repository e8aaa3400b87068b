import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildProcesses, stopCompiler } from '../../local/build.ts';
import type { WorkerProcessArgument } from './worker-process.ts';

const WORKER = 'testing/matrix/worker-process.ts';
const REPLAY = 'testing/matrix/replay-process.ts';
const READY_WITHIN_MS = 60_000;
const REPLAYED_WITHIN_MS = 300_000;
/** All that a replay has to say. */
const SAID_MAX_BYTES = 50_000_000;

/** The worker process of a stage: one at a time. */
export interface WorkerProcesses {
  /** SIGKILL, and then another one. */
  readonly killAndRestart: () => Promise<void>;
  /** Which histories of the namespace do not replay, in words. */
  readonly notReplaying: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

export const startWorkerProcesses = async (argument: WorkerProcessArgument): Promise<WorkerProcesses> => {
  const build = await buildProcesses([WORKER, REPLAY]);
  await stopCompiler();
  const scriptOf = (entry: string): string => join(build, entry.replace(/\.ts$/, '.js'));
  const start = () => startWorkerProcess(scriptOf(WORKER), argument);
  let current = await start();
  return {
    killAndRestart: async () => {
      current.kill('SIGKILL');
      await once(current, 'exit');
      current = await start();
    },
    notReplaying: async () => {
      const { stdout } = await promisify(execFile)(process.execPath, [scriptOf(REPLAY), JSON.stringify(argument)], {
        timeout: REPLAYED_WITHIN_MS,
        maxBuffer: SAID_MAX_BYTES,
      });
      return JSON.parse(stdout) as readonly string[];
    },
    close: async () => {
      if (current.exitCode !== null || current.signalCode !== null) return;
      const exited = once(current, 'exit');
      current.stdin?.end();
      await exited;
    },
  };
};

const startWorkerProcess = async (script: string, argument: WorkerProcessArgument): Promise<ChildProcess> => {
  const child = spawn(process.execPath, ['--enable-source-maps', script, JSON.stringify(argument)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ready = once(child.stdout, 'data', { signal: AbortSignal.timeout(READY_WITHIN_MS) });
  const exited = once(child, 'exit').then(([code]) => {
    throw new Error(`a worker process ended by itself: ${String(code)}`);
  });
  await Promise.race([ready, exited]);
  exited.catch(() => {
    // killed, or closed: whoever did it waits for its exit
  });
  return child;
};
