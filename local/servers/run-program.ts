import { spawn } from 'node:child_process';

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
  {
    timeoutMs,
    ...options
  }: { timeoutMs: number; cwd?: string; env?: NodeJS.ProcessEnv; uid?: number | undefined; gid?: number | undefined },
): Promise<ProgramResult> =>
  new Promise((resolve) => {
    const { uid, gid, ...rest } = options;
    const child = spawn(command, args, {
      ...rest,
      ...(uid !== undefined && { uid }),
      ...(gid !== undefined && { gid }),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let timedOut = false;
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
    const limit = setTimeout(() => {
      timedOut = true;
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, timeoutMs);
    const end = (code: number | null): void => {
      clearTimeout(limit);
      resolve({ code, output: output.trim(), timedOut });
    };
    child.on('error', (error) => {
      output += error.message;
      end(null);
    });
    child.on('close', end);
  });
