import { randomBytes } from 'node:crypto';
import type { ActionBench, Bench } from './check.ts';
import { refusedOf, type ConformFile } from './conform-file.ts';
import { EVERY_PROMISE } from './every-promise.ts';
import type { Report, Row } from './report.ts';
import { askPlain, makeSample, type SampleSource } from './sample.ts';
import { createService } from './service.ts';
import { createSpeaker, NoAnswer, type Speaker } from './speaker.ts';
import { requestInWords, Skip, Unkept, type Reason } from './unkept.ts';

/** How a run goes; what is left out is as `npm run conform` does it. */
export interface ConformOptions {
  readonly url: string;
  readonly token?: string | undefined;
  /** Of one request. */
  readonly timeoutMs?: number;
  /** How long an answer that says *later* is repeated. */
  readonly patienceMs?: number;
  readonly atOnce?: number;
  readonly racingSagas?: number;
  /** Is told before each row. */
  readonly progress?: (at: {
    readonly row: number;
    readonly of: number;
    readonly promise: string;
    readonly action: string | null;
  }) => void;
}

export const DEFAULT_TIMEOUT_MS = 10_000;
export const DEFAULT_PATIENCE_MS = 20_000;
const DEFAULT_AT_ONCE = 20;
const DEFAULT_RACING_SAGAS = 50;
const RUN_BYTES = 5;

/** The service is not there, or not usable from the start; the message is a sentence. */
export class Unusable extends Error {
  override readonly name = 'Unusable';
}

interface Task {
  readonly promise: string;
  readonly action: string | null;
  readonly checks: readonly { readonly says: string; readonly run: () => Promise<void> }[];
}

/**
 * Runs every check that a file allows against a running service, row after row.
 *
 * @throws Unusable when the service is out of reach at the start, or its set-up is refused
 */
export const runChecks = async (file: ConformFile, options: ConformOptions): Promise<Report> => {
  const { url, token, timeoutMs = DEFAULT_TIMEOUT_MS, patienceMs = DEFAULT_PATIENCE_MS, progress } = options;
  const speaker = createSpeaker(url, timeoutMs);
  try {
    const service = createService(speaker, { token, patienceMs });
    const run = randomBytes(RUN_BYTES).toString('hex');
    let ids = 0;
    const newId = (): string => `c-${run}-${++ids}`;
    const bench: Bench = {
      service,
      atOnce: options.atOnce ?? DEFAULT_AT_ONCE,
      racingSagas: options.racingSagas ?? DEFAULT_RACING_SAGAS,
      bodyLimit: file.bodyLimit,
      newSaga: () => `conform:${newId()}`,
    };
    const source: SampleSource = { service, actions: file.actions, newId, run };
    await setUp(file, source, speaker);
    const tasks = tasksOf(file, bench, source);
    const rows: Row[] = [];
    for (const [n, task] of tasks.entries()) {
      progress?.({ row: n + 1, of: tasks.length, promise: task.promise, action: task.action });
      rows.push(await runTask(task));
      const lost = rows.at(-1)?.result === 'fail' && !(await isThere(speaker));
      if (!lost) continue;
      rows.push(...tasks.slice(n + 1).map((left) => skippedRow(left, 'the service answers no more')));
      break;
    }
    const uncounted = Object.entries(file.actions).flatMap(([name, { effects }]) => (effects ? [] : [name]));
    return { url, rows, uncounted };
  } finally {
    speaker.close();
  }
};

const setUp = async ({ setup }: ConformFile, { service, run }: SampleSource, speaker: Speaker): Promise<void> => {
  try {
    await speaker.send(ANYTHING);
    for (const request of setup) await askPlain(service, request, { run });
  } catch (error) {
    if (error instanceof NoAnswer)
      throw new Unusable(`The service cannot be reached: ${error.reason}.`, { cause: error });
    if (error instanceof Unkept) throw new Unusable(`The set-up does not work: ${error.message}.`, { cause: error });
    throw error;
  }
};

/** Whatever it is answered with: somebody is there. */
const ANYTHING = { method: 'GET', path: '/saga-operations', headers: {} } as const;

const isThere = async (speaker: Speaker): Promise<boolean> => {
  try {
    await speaker.send(ANYTHING);
    return true;
  } catch {
    return false;
  }
};

const tasksOf = (file: ConformFile, bench: Bench, source: SampleSource): Task[] =>
  EVERY_PROMISE.flatMap(({ name: promise, actionChecks, serviceChecks }) => [
    ...Object.keys(file.actions).map((action) => {
      const ofAction = actionBench(action, bench, source);
      const checks = actionChecks.filter(({ of }) => of === undefined || (of === 'with undo') === ofAction.hasUndo);
      return { promise, action, checks: checks.map((check) => bound(check, ofAction)) };
    }),
    ...(serviceChecks.length === 0
      ? []
      : [{ promise, action: null, checks: serviceChecks.map((check) => bound(check, bench)) }]),
  ]);

const bound = <B extends Bench>({ says, run }: { says: string; run: (bench: B) => Promise<void> }, bench: B) => ({
  says,
  run: () => run(bench),
});

const actionBench = (name: string, bench: Bench, source: SampleSource): ActionBench => {
  const { actions } = source;
  const action = actions[name];
  if (action === undefined) throw new Error(`there is no action ${name}`);
  const refused = refusedOf(action);
  const sampleOf =
    (of: string) =>
    async (saga = bench.newSaga(), instance?: string) => {
      const { route, body, before, effects } = actions[of] ?? action;
      return makeSample(source, { name: of, route, body, before, effects }, saga, instance);
    };
  return {
    ...bench,
    hasUndo: action.undo,
    sample: sampleOf(name),
    refused: async () => {
      if (refused === undefined) throw new Skip('the file names no sample that is refused');
      return { ...(await makeSample(source, { name, ...refused }, bench.newSaga())), code: refused.code };
    },
    other: async () => {
      const other = Object.keys(actions).find((each) => each !== name && actions[each]?.route !== action.route);
      if (other === undefined) throw new Skip('the file names no other action');
      return sampleOf(other)();
    },
  };
};

const runTask = async ({ promise, action, checks }: Task): Promise<Row> => {
  const failures: ({ check: string } & Reason)[] = [];
  const skipped: { check: string; reason: string }[] = [];
  for (const { says, run } of checks) {
    try {
      await run();
    } catch (error) {
      if (error instanceof Skip) skipped.push({ check: says, reason: error.message });
      else failures.push({ check: says, ...reasonOf(error) });
    }
  }
  const nothingSeen = skipped.length === checks.length;
  return {
    promise,
    action,
    result: failures.length > 0 ? 'fail' : nothingSeen ? 'skipped' : 'pass',
    failures,
    skipped,
  };
};

const skippedRow = ({ promise, action, checks }: Task, reason: string): Row => ({
  promise,
  action,
  result: 'skipped',
  failures: [],
  skipped: checks.map(({ says }) => ({ check: says, reason })),
});

const reasonOf = (error: unknown): Reason => {
  if (error instanceof Unkept) return { sent: error.sent, expected: error.expected, came: error.came };
  if (error instanceof NoAnswer)
    return { sent: requestInWords(error.request), expected: 'an answer', came: error.reason };
  return { sent: 'the check', expected: 'to be made', came: (error as Error).message };
};
