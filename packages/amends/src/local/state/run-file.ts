import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { bootId, identify, isSameProcess } from '../processes/process-identity.ts';
import { STAGES } from '../processes/stage.ts';
import { StartError } from '../start-error.ts';

const Identity = z.object({ pid: z.number(), birth: z.string() });

/** What a start writes down about itself, for the next start and for whoever asks where the system is. */
const RunFile = z.object({
  boot: z.string(),
  supervisor: Identity,
  ready: z.boolean(),
  urls: z.object({
    api: z.string(),
    temporalUi: z.string().optional(),
    broker: z.string().optional(),
    namespace: z.string(),
    services: z.record(z.string(), z.string()),
  }),
  processes: z.array(
    Identity.extend({
      name: z.string(),
      stage: z.enum(STAGES),
      stopSignal: z.enum(['SIGTERM', 'SIGINT']),
    }),
  ),
});

export type Run = z.output<typeof RunFile>;

const OWNER_ONLY = 0o600;
const CLAIM_TRIES = 10;
const pathIn = (folder: string): string => join(folder, 'run.json');

/** The run of a state folder; `undefined` when there is none, or its file is no run file. */
export const readRun = (folder: string): Run | undefined => readFileAt(pathIn(folder));

/** Whether the supervisor of a run still lives. */
export const isRunning = ({ boot, supervisor }: Run): boolean => boot === bootId() && isSameProcess(supervisor);

/** A run of this process, before anything is started. */
export const newRun = (urls: Run['urls']): Run => ({
  boot: bootId(),
  supervisor: identify(process.pid) ?? { pid: process.pid, birth: 'unknown' },
  ready: false,
  urls,
  processes: [],
});

/**
 * Makes this run the folder's only one, unless another lives: then that one is answered. What a dead one left is handed to
 * `takeOver` first. Of any number of claims at once, one wins.
 */
export const claimRun = async (
  folder: string,
  run: Run,
  takeOver: (dead: Run) => Promise<void>,
): Promise<Run | undefined> => {
  const own = join(folder, `run.${process.pid}.json`);
  const aside = join(folder, `run.${process.pid}.dead.json`);
  writeFileSync(own, JSON.stringify(run), { mode: OWNER_ONLY });
  try {
    for (let tries = 0; tries < CLAIM_TRIES; tries += 1) {
      if (linked(own, pathIn(folder))) return undefined;
      const other = readRun(folder);
      if (other !== undefined && isRunning(other)) return other;
      if (other !== undefined) await takeOver(other);
      if (!renamed(pathIn(folder), aside)) continue;
      // another claim may have been faster: what lies aside now is then alive, and goes back
      const moved = readFileAt(aside);
      if (moved !== undefined && isRunning(moved)) linked(aside, pathIn(folder));
    }
    throw new StartError(`The run file in ${folder} keeps changing. Start again when no other start is under way.`);
  } finally {
    rmSync(own, { force: true });
    rmSync(aside, { force: true });
  }
};

/** Writes what has changed about our own run; a reader sees the old or the new, never half of it. */
export const updateRun = (folder: string, run: Run): void => {
  const next = join(folder, `run.${process.pid}.json`);
  writeFileSync(next, JSON.stringify(run), { mode: OWNER_ONLY });
  renameSync(next, pathIn(folder));
};

/** Our own run is over. */
export const endRun = (folder: string): void => rmSync(pathIn(folder), { force: true });

const readFileAt = (path: string): Run | undefined => {
  try {
    return RunFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
};

const linked = (from: string, to: string): boolean => succeeds('EEXIST', () => linkSync(from, to));
const renamed = (from: string, to: string): boolean => succeeds('ENOENT', () => renameSync(from, to));

const succeeds = (expected: string, act: () => void): boolean => {
  try {
    act();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === expected) return false;
    throw error;
  }
};
