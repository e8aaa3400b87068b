import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { StartError } from '../start-error.ts';
import { identify, isSameProcess, type ProcessIdentity } from './process-identity.ts';

/** A process to start: detached (a terminal's Ctrl-C does not reach it), its output appended to a log file. */
export interface ChildSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly logFile: string;
  readonly stopSignal: StopSignal;
  /** How long it may take to end in order before it is ended hard; default 20 s. */
  readonly stopWithinMs?: number;
  readonly user?: User | undefined;
}

/** How a process is asked to end in order. */
export type StopSignal = 'SIGTERM' | 'SIGINT';

/** Whom a process runs as, when not as ourselves. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

export interface Child {
  readonly name: string;
  readonly identity: ProcessIdentity;
  readonly logFile: string;
  readonly stopSignal: StopSignal;
  /** Resolves in words when it has ended, however that came: `ended with code 1`. */
  readonly ended: Promise<string>;
  /** Asks it to end, and ends its whole group hard when it has not by then. Resolves when it has ended; may be repeated. */
  readonly stop: () => Promise<void>;
}

const STOP_WITHIN_MS = 20_000;
const OWNER_ONLY = 0o600;

/** @throws StartError when it cannot be run */
export const startChild = (spec: ChildSpec): Promise<Child> =>
  new Promise((resolve, reject) => {
    const log = openSync(spec.logFile, 'a', OWNER_ONLY);
    const child = spawn(spec.command, spec.args, {
      cwd: spec.cwd,
      env: spec.env,
      ...spec.user,
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const ended = new Promise<string>((end) => {
      child.once('exit', (code, signal) => end(signal === null ? `ended with code ${code}` : `was ended by ${signal}`));
    });
    child.once('error', (error) => reject(new StartError(`${spec.name} cannot be run: ${error.message}.`)));
    child.once('spawn', () => {
      const { pid } = child;
      if (pid === undefined) return;
      const identity = identify(pid) ?? { pid, birth: 'unknown' };
      const stop = async (): Promise<void> => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.kill(spec.stopSignal);
        const hard = setTimeout(() => killGroup(identity), spec.stopWithinMs ?? STOP_WITHIN_MS);
        await ended;
        clearTimeout(hard);
      };
      resolve({ name: spec.name, identity, logFile: spec.logFile, stopSignal: spec.stopSignal, ended, stop });
    });
  });

/** Ends a process that leads a group of its own, and the group with it, hard. */
export const killGroup = (leader: ProcessIdentity): void => {
  if (!isSameProcess(leader)) return;
  try {
    process.kill(-leader.pid, 'SIGKILL');
  } catch {
    // it has ended by itself meanwhile
  }
};
