import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { buildProcesses, stopCompiler } from '../packages/amends/src/local/build/build.ts';

const RELAY = 'testing/relay-process.ts';

/** Relays as processes of their own on one outbox, which a test may kill as it likes. */
export interface RelayProcesses {
  /** Starts one more; resolves when it is at work. */
  readonly start: () => Promise<ChildProcess>;
  /** Those that run. */
  readonly running: () => readonly ChildProcess[];
  /** SIGKILL, to all of them. */
  readonly killAll: () => Promise<void>;
}

/** Memory of a process in bytes (RSS). */
export interface Memory {
  readonly now: number;
  readonly peak: number;
}

export const memoryOf = async (relay: ChildProcess): Promise<Memory> => {
  const answered = once(relay, 'message') as Promise<[Memory]>;
  relay.send('memory');
  return (await answered)[0];
};

/** @param args of `relay-process.ts` @param nodeOptions e.g. `--max-old-space-size=64` */
export const relayProcesses = async (
  args: readonly string[],
  nodeOptions: readonly string[] = [],
): Promise<RelayProcesses> => {
  const program = join(await buildProcesses([RELAY]), RELAY.replace(/\.ts$/, '.js'));
  await stopCompiler();
  const children = new Set<ChildProcess>();
  return {
    start: async () => {
      const child = fork(program, args, { execArgv: [...nodeOptions], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
      children.add(child);
      child.once('exit', () => children.delete(child));
      await once(child, 'message');
      return child;
    },
    running: () => [...children],
    killAll: async () => {
      await Promise.all(
        [...children].map((child) => {
          const ended = once(child, 'exit');
          child.kill('SIGKILL');
          return ended;
        }),
      );
    },
  };
};
