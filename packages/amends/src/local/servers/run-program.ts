import { spawn } from 'node:child_process';
import type { User } from '../processes/child.ts';

interface RunOptions {
  readonly timeoutMs: number;
  /** Kills it when aborted. */
  readonly signal?: AbortSignal | undefined;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly user?: User | undefined;
}

export interface ProgramResult {
  /** `null` when it could not be run, or was killed. */
  readonly code: number | null;
  readonly output: string;
  readonly timedOut: boolean;
}

/**
 * Runs a program to its end, in a process group of its own that is killed with everything in it at the time limit (some
 * ignore SIGTERM). Never rejects: a program that cannot be run has the reason as its output.
 */
export const runProgram = (
  command: string,
  args: readonly string[],
  { timeoutMs, signal, user, ...options }: RunOptions,
): Promise<ProgramResult> =>
  new Promise((resolve) => {
    const child = spawn(command, args, {
      ...options,
      ...user,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let timedOut = false;
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
    const kill = (): void => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    };
    const limit = setTimeout(() => {
      timedOut = true;
      kill();
    }, timeoutMs);
    signal?.addEventListener('abort', kill, { once: true });
    const end = (code: number | null): void => {
      clearTimeout(limit);
      signal?.removeEventListener('abort', kill);
      resolve({ code, output: output.trim(), timedOut });
    };
    child.on('error', (error) => {
      output += error.message;
      end(null);
    });
    child.on('close', end);
  });
