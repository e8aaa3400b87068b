import { readdir, readFile } from 'node:fs/promises';

/** As Linux counts CPU time for those who read it (USER_HZ). */
const TICKS_PER_SECOND = 100;
const MS_PER_TICK = 1_000 / TICKS_PER_SECOND;

/** A line of `stat`: name, then fields of which the first is the state (proc(5), field 3). */
interface Stat {
  readonly name: string;
  readonly parent: number;
  /** Of itself, in ms. */
  readonly own: number;
  /** Of its children that have ended and were waited for, in ms. */
  readonly ended: number;
}

const parseStat = (text: string): Stat => {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ms = (index: number): number => Number(fields[index]) * MS_PER_TICK;
  return {
    name: text.slice(text.indexOf('(') + 1, text.lastIndexOf(')')),
    parent: Number(fields[1]),
    own: ms(11) + ms(12),
    ended: ms(13) + ms(14),
  };
};

/** Undefined of a process or thread that has gone. */
const statAt = async (folder: string): Promise<Stat | undefined> => {
  try {
    return parseStat(await readFile(`${folder}/stat`, 'utf8'));
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
};

const numbersIn = async (folder: string): Promise<number[]> =>
  (await readdir(folder)).filter((name) => /^\d+$/.test(name)).map(Number);

/** CPU time in ms since it began, user and system, of each process with all that it has started (PostgreSQL is a tree). */
export const cpuOf = async (pids: Readonly<Record<string, number>>): Promise<Readonly<Record<string, number>>> => {
  const all = new Map<number, Stat>();
  for (const pid of await numbersIn('/proc')) {
    const stat = await statAt(`/proc/${pid}`);
    if (stat !== undefined) all.set(pid, stat);
  }
  const treeOf = (root: number): number => {
    const stat = all.get(root);
    if (stat === undefined) throw new Error(`process ${root} has ended`);
    const children = [...all].filter(([, { parent }]) => parent === root);
    return stat.own + stat.ended + children.reduce((sum, [pid]) => sum + treeOf(pid), 0);
  };
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, treeOf(pid)]));
};

/** A thread as it stands now: `main` by its number, the others by what they call themselves. */
export interface ThreadTime {
  readonly name: string;
  readonly ms: number;
}

/** CPU time of each thread of a process, by its number. */
export const threadsOf = async (pid: number): Promise<ReadonlyMap<number, ThreadTime>> => {
  const threads = new Map<number, ThreadTime>();
  for (const tid of await numbersIn(`/proc/${pid}/task`)) {
    const stat = await statAt(`/proc/${pid}/task/${tid}`);
    if (stat !== undefined) threads.set(tid, { name: tid === pid ? 'main' : stat.name, ms: stat.own });
  }
  return threads;
};

/** The kinds of threads in a worker process. */
export const THREAD_KINDS = ['workflow thread', 'main', 'SDK core', 'V8 and libuv'] as const;
export type ThreadKind = (typeof THREAD_KINDS)[number];

/**
 * What each kind took between two readings. Node gives the thread that runs workflows no name of its own: it is the busiest of those that are
 * neither the main one nor of the SDK's core.
 */
export const threadKinds = (
  before: ReadonlyMap<number, ThreadTime>,
  after: ReadonlyMap<number, ThreadTime>,
): Readonly<Record<ThreadKind, number>> => {
  const spent = [...after].map(([tid, { name, ms }]) => ({ name, ms: ms - (before.get(tid)?.ms ?? 0) }));
  const sum = (of: readonly { ms: number }[]): number => of.reduce((total, { ms }) => total + ms, 0);
  const isCore = (name: string): boolean => name.startsWith('tokio') || name.startsWith('temporal');
  const others = spent.filter(({ name }) => name !== 'main' && !isCore(name)).toSorted((a, b) => b.ms - a.ms);
  return {
    'workflow thread': others[0]?.ms ?? 0,
    main: sum(spent.filter(({ name }) => name === 'main')),
    'SDK core': sum(spent.filter(({ name }) => isCore(name))),
    'V8 and libuv': sum(others.slice(1)),
  };
};
