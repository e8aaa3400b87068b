import { setTimeout as sleep } from 'node:timers/promises';
import { startChild, type Child } from './child.ts';
import { tailOf } from '../state/log-file.ts';
import { untilReady, type Part } from './part.ts';
import type { Report } from './report.ts';
import { STAGES, type Stage, type StagedProcess } from './stage.ts';
import { StartError } from '../start-error.ts';

/** Keeps the parts of a system running, and ends them in order. */
export interface Supervisor {
  /**
   * Starts a part and waits until it is ready; from then on it is started again when it ends by itself.
   *
   * @throws StartError when it does not become ready
   */
  readonly run: (stage: Stage, part: Part) => Promise<void>;
  /** Ends everything, stage by stage; may be repeated. */
  readonly close: () => Promise<void>;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** A part that ran this long had no trouble that a new start would repeat. */
const STEADY_MS = 60_000;
/** After so many it is still tried, every 30 s (what it needs, space on a disk, may come back), but no longer said each time. */
const MOST_TOLD_IN_A_ROW = 10;

/**
 * @param changed called at once with all processes whenever one comes or goes
 * @param report takes a sentence when a part ends by itself
 */
export const createSupervisor = (
  changed: (processes: readonly StagedProcess[]) => void,
  report: Report,
): Supervisor => {
  const children = new Map<Child, Stage>();
  const spawning = new Set<Promise<unknown>>();
  const closing = new AbortController();
  let closed: Promise<void> | undefined;

  const publish = (): void =>
    changed([...children].map(([{ name, stopSignal, identity }, stage]) => ({ ...identity, name, stage, stopSignal })));

  const spawn = async (stage: Stage, part: Part): Promise<Child> => {
    if (closing.signal.aborted) throw new StartError(`${part.name} is not started: the system is closing.`);
    const child = await startChild(part);
    children.set(child, stage);
    publish();
    void child.ended.then(() => children.delete(child) && publish());
    return child;
  };

  const start = async (stage: Stage, part: Part): Promise<Child> => {
    const spawned = spawn(stage, part);
    spawning.add(spawned);
    const child = await spawned.finally(() => spawning.delete(spawned));
    try {
      await untilReady(part, child);
      return child;
    } catch (error) {
      await child.stop();
      throw error;
    }
  };

  const keepRunning = async (stage: Stage, part: Part, first: Child): Promise<void> => {
    let child = first;
    for (let restarts = 0; ; restarts += 1) {
      const readyAt = Date.now();
      const how = await child.ended;
      if (closing.signal.aborted) return;
      if (Date.now() - readyAt > STEADY_MS) restarts = 0;
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** restarts, LONGEST_PAUSE_MS);
      const isTold = restarts < MOST_TOLD_IN_A_ROW;
      if (isTold)
        report(`${part.name} ${how}. ${await tailOf(part.logFile)}\nIt is started again in ${pause / 1_000} s.`);
      if (restarts === MOST_TOLD_IN_A_ROW)
        report(`${part.name} ended ${restarts} times in a row. It is started again every ${pause / 1_000} s.`);
      try {
        await sleep(pause, undefined, { signal: closing.signal });
        child = await start(stage, part);
        report(`${part.name} runs again.`);
      } catch (error) {
        if (closing.signal.aborted) return;
        if (isTold) report((error as Error).message);
      }
    }
  };

  const close = async (): Promise<void> => {
    closing.abort();
    await Promise.allSettled(spawning);
    for (const stage of STAGES) {
      const theirs = [...children].filter(([, its]) => its === stage);
      await Promise.all(theirs.map(([child]) => child.stop()));
    }
  };

  return {
    run: async (stage, part) => {
      const child = await start(stage, part);
      void keepRunning(stage, part, child);
    },
    close: () => (closed ??= close()),
  };
};
