import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { buildProcesses, stopCompiler } from '../../packages/amends/src/local/build.ts';
import type { WorkerProcessArgument } from './worker-process.ts';

const ENTRY = 'testing/matrix/worker-process.ts';
const READY_WITHIN_MS = 90_000;
const REPLAYED_WITHIN_MS = 300_000;

/** The worker process of a stage: one at a time. */
export interface WorkerProcesses {
  /** SIGKILL, and then another one. */
  readonly killAndRestart: () => Promise<void>;
  /** Which histories of the namespace do not replay, in words. */
  readonly notReplaying: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

export const startWorkerProcesses = async (argument: WorkerProcessArgument): Promise<WorkerProcesses> => {
  const build = await buildProcesses([ENTRY]);
  await stopCompiler();
  const start = () => startWorkerProcess(join(build, ENTRY.replace(/\.ts$/, '.js')), argument);
  let { child, lines } = await start();
  return {
    killAndRestart: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
      ({ child, lines } = await start());
    },
    notReplaying: async () => {
      const said = once(lines, 'line', { signal: AbortSignal.timeout(REPLAYED_WITHIN_MS) });
      child.stdin?.write('replay\n');
      const [line] = (await said) as [string];
      return JSON.parse(line) as readonly string[];
    },
    close: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.stdin?.end();
      await exited;
    },
  };
};

const startWorkerProcess = async (
  script: string,
  argument: WorkerProcessArgument,
): Promise<{ child: ChildProcess; lines: Interface }> => {
  const child = spawn(process.execPath, ['--enable-source-maps', script, JSON.stringify(argument)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const ready = once(lines, 'line', { signal: AbortSignal.timeout(READY_WITHIN_MS) });
  const exited = once(child, 'exit').then(([code]) => {
    throw new Error(`a worker process ended by itself: ${String(code)}`);
  });
  await Promise.race([ready, exited]);
  exited.catch(() => {
    // killed, or closed: whoever did it waits for its exit
  });
  return { child, lines };
};
