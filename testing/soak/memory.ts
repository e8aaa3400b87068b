import { readFile } from 'node:fs/promises';

/** How much memory a process has when so many events had been sent. */
export interface MemorySample {
  readonly sent: number;
  /** Resident, in MiB. */
  readonly mib: number;
}

export interface MemoryGrowth {
  /** Once the first events had come, and what serves them was warm. */
  readonly before: number;
  /** The most of all that came after: with what the garbage collector had not looked at yet. */
  readonly peak: number;
  /** The least once all had been sent. */
  readonly after: number;
}

const KIB_A_MIB = 1_024;

/** What the kernel says is resident of a process, in MiB. @throws when there is no such process */
export const residentMib = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  if (kib === undefined) throw new Error(`the kernel does not say how much memory ${pid} has`);
  return Number(kib) / KIB_A_MIB;
};

/** From the first sample after `warmAfter` events on; null when there are not two. */
export const growthOf = (samples: readonly MemorySample[], warmAfter: number): MemoryGrowth | null => {
  const [first, ...later] = samples.filter(({ sent }) => sent >= warmAfter);
  const all = later.at(-1)?.sent;
  if (first === undefined || all === undefined) return null;
  return {
    before: first.mib,
    peak: Math.max(...[first, ...later].map(({ mib }) => mib)),
    after: Math.min(...later.filter(({ sent }) => sent === all).map(({ mib }) => mib)),
  };
};
