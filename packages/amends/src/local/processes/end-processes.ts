import { setTimeout as sleep } from 'node:timers/promises';
import { killGroup } from './child.ts';
import { isSameProcess } from './process-identity.ts';
import { STAGES, type StagedProcess } from './stage.ts';

/** How long a stage may take to end in order before it is ended hard. */
const STAGE_PATIENCE_MS = 20_000;
const HARD_PATIENCE_MS = 5_000;
const PAUSE_MS = 50;

/**
 * Ends processes that are not our children, stage by stage, and only those that are still the very same. Answers those that
 * it found alive.
 */
export const endProcesses = async (processes: readonly StagedProcess[]): Promise<StagedProcess[]> => {
  const found: StagedProcess[] = [];
  for (const stage of STAGES) {
    const alive = processes.filter((one) => one.stage === stage && isSameProcess(one));
    found.push(...alive);
    for (const { pid, stopSignal } of alive) signalOnce(pid, stopSignal);
    if (await haveEnded(alive, STAGE_PATIENCE_MS)) continue;
    alive.forEach(killGroup);
    await haveEnded(alive, HARD_PATIENCE_MS);
  }
  return found;
};

const signalOnce = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch {
    // it has ended by itself meanwhile
  }
};

const haveEnded = async (processes: readonly StagedProcess[], withinMs: number): Promise<boolean> => {
  const limit = Date.now() + withinMs;
  while (processes.some(isSameProcess)) {
    if (Date.now() > limit) return false;
    await sleep(PAUSE_MS);
  }
  return true;
};
