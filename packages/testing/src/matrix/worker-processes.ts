import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { appFolder, buildProcesses, stopCompiler } from 'amends/internal';
import type { WorkerProcessArgument } from './worker-process.ts';

/** In the application, so that what the process imports is found. */
const CACHE = 'node_modules/.cache/amends';

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

/** @param stage the URL of the file that exports the application's stage */
export const startWorkerProcesses = async (
  stage: string,
  argument: WorkerProcessArgument,
): Promise<WorkerProcesses> => {
  const entry = await writeEntry(fileURLToPath(stage));
  const build = await buildProcesses([entry]);
  await stopCompiler();
  const start = () => startWorkerProcess(path.join(build, entry.replace(/\.ts$/, '.js')), argument);
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

/** The process's main file, from the application's folder; the same for every run of the same stage. */
const writeEntry = async (stage: string): Promise<string> => {
  const folder = path.join(appFolder(), CACHE);
  const from = path.relative(folder, stage).replaceAll(path.sep, '/');
  const text = [
    `import { runWorkerProcess } from '@amends/testing/internal';`,
    `import { stage } from '${from}';`,
    `await runWorkerProcess(stage);`,
    '',
  ].join('\n');
  const name = `matrix-worker-${createHash('sha256').update(text).digest('hex').slice(0, 12)}.ts`;
  await mkdir(folder, { recursive: true });
  // several test files write it at once
  const half = path.join(folder, `${name}.${process.pid}`);
  await writeFile(half, text);
  await rename(half, path.join(folder, name));
  return path.posix.join(CACHE, name);
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
