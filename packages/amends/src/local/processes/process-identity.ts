import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Whether a process of that id exists now; whose it is, the id alone does not say. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** A process for good: ids are given again, but not with the same birth in the same boot. */
export interface ProcessIdentity {
  readonly pid: number;
  /** The kernel's start time of the process, in the system's own form. */
  readonly birth: string;
}

/** What a process is now; `undefined` when there is none, or the system does not tell its birth. */
export const identify = (pid: number): ProcessIdentity | undefined => {
  const birth = birthOf(pid);
  return birth === undefined ? undefined : { pid, birth };
};

/** Whether exactly that process still lives (a zombie does not). */
export const isSameProcess = ({ pid, birth }: ProcessIdentity): boolean => birthOf(pid) === birth;

/** Names this boot of the machine: births are comparable only within one. */
export const bootId = (): string => {
  if (process.platform === 'linux') return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  try {
    return execFileSync('sysctl', ['-n', 'kern.boottime'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
};

const STATE_FIELD = 0;
const START_TIME_FIELD = 19;

const birthOf = (pid: number): string | undefined => {
  try {
    if (process.platform !== 'linux') {
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
    }
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // the name, second of the fields, may hold blanks and brackets: count from behind it
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[STATE_FIELD] === 'Z' ? undefined : fields[START_TIME_FIELD];
  } catch {
    return undefined;
  }
};
