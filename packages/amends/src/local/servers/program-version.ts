import { serverEnvironment } from '../processes/server-environment.ts';
import { runProgram } from './run-program.ts';

const ASK_TIMEOUT_MS = 10_000;

/** What `<program> --version` answers, e.g. `1.9.1`; `undefined` when it cannot be run or answers none. */
export const programVersion = async (program: string): Promise<string | undefined> => {
  const { code, output } = await runProgram(program, ['--version'], {
    timeoutMs: ASK_TIMEOUT_MS,
    env: serverEnvironment(),
  });
  return code === 0 ? /\d+\.\d+\.\d+/.exec(output)?.[0] : undefined;
};

/** Whether a version `a.b.c` is that minimum or newer. */
export const isAtLeast = (version: string, minimum: string): boolean => {
  const theirs = version.split('.').map(Number);
  const ours = minimum.split('.').map(Number);
  const index = ours.findIndex((part, at) => theirs[at] !== part);
  return index === -1 || (theirs[index] ?? 0) > (ours[index] ?? 0);
};
