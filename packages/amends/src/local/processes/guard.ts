import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildProcesses } from '../build/build.ts';
import { ownFile } from '../own-file.ts';
import { appFolder } from '../state/folders.ts';
import { serverEnvironment } from './server-environment.ts';
import type { StagedProcess } from './stage.ts';

/** The process that ends the system in order when its supervisor cannot. */
export interface Guard {
  /** Tells it what runs now. */
  readonly watch: (processes: readonly StagedProcess[]) => void;
  /** Tells it that all has ended; resolves when it has ended too. */
  readonly dismiss: () => Promise<void>;
}

const OWNER_ONLY = 0o600;

/** The guard's program, in one file: as the package has it, or, in the workspace of Amends itself, built from its source. */
export const guardFile = async (): Promise<string> => {
  const file = ownFile('guard-main', import.meta.url);
  if (!file.endsWith('.ts')) return file;
  const source = relative(appFolder(), file);
  return join(await buildProcesses([source]), source.replace(/\.ts$/, '.js'));
};

/** Starts the guard from that file; its input is a pipe of ours, which the kernel closes when we die. */
export const startGuard = (builtFile: string, logFile: string): Guard => {
  const log = openSync(logFile, 'a', OWNER_ONLY);
  const child = spawn(process.execPath, [builtFile], {
    cwd: '/',
    env: serverEnvironment(),
    detached: true,
    stdio: ['pipe', log, log],
  });
  closeSync(log);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  // a guard that was killed is no reason to end the system
  child.stdin?.on('error', () => {});
  const watch = (processes: readonly StagedProcess[]): void => {
    child.stdin?.write(`${JSON.stringify(processes)}\n`);
  };
  return {
    watch,
    dismiss: async () => {
      watch([]);
      child.stdin?.end();
      await ended;
    },
  };
};
