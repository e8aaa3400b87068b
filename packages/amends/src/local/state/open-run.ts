import { join } from 'node:path';
import { endProcesses } from '../processes/end-processes.ts';
import { guardFile, startGuard } from '../processes/guard.ts';
import { freshLogFile } from './log-file.ts';
import { lookAfterDisk } from './look-after-disk.ts';
import { bootId } from '../processes/process-identity.ts';
import { createRecord } from './record.ts';
import type { Report } from '../processes/report.ts';
import { claimRun, endRun, newRun, type Run } from './run-file.ts';
import { RunsAlready } from './runs-already.ts';
import { createSupervisor, type Supervisor } from '../processes/supervisor.ts';
import type { SystemUrls } from '../system-urls.ts';

/** A start that has its state folder to itself; nothing runs yet but the guard. */
export interface OpenRun {
  readonly run: Supervisor['run'];
  /** Writes down that all is ready, for whoever asks. */
  readonly ready: () => void;
  /** Ends everything in order, then the guard; may be repeated. */
  readonly close: () => Promise<void>;
}

/**
 * Takes the state folder for this start. What a start left that was killed, its guard too, is ended first, and reported.
 *
 * @throws RunsAlready when another start runs
 */
export const openRun = async (state: string, urls: SystemUrls, report: Report): Promise<OpenRun> => {
  let run = newRun(urls);
  const other = await claimRun(state, run, (dead) => endOrphans(dead, report));
  if (other) throw new RunsAlready(other);
  try {
    const guard = startGuard(await guardFile(), await freshLogFile(join(state, 'logs'), 'guard'));
    const record = createRecord(state, report);
    const disk = lookAfterDisk(state, { report, besides: record.again });
    const supervisor = createSupervisor((processes) => {
      guard.watch(processes);
      run = { ...run, processes: [...processes] };
      record.write(run);
    }, report);
    let closed: Promise<void> | undefined;
    const close = async (): Promise<void> => {
      await supervisor.close();
      await disk.close();
      await guard.dismiss();
      endRun(state);
    };
    return {
      run: supervisor.run,
      ready: () => {
        run = { ...run, ready: true };
        record.write(run);
      },
      close: () => (closed ??= close()),
    };
  } catch (error) {
    endRun(state);
    throw error;
  }
};

const endOrphans = async ({ boot, processes }: Run, report: Report): Promise<void> => {
  if (boot !== bootId()) return;
  const ended = await endProcesses(processes);
  if (ended.length > 0) {
    report(`An earlier start was killed: ended what it left (${ended.map(({ name }) => name).join(', ')}).`);
  }
};
