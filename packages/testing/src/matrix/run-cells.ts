import type { Cell } from './cells.ts';
import { wrongIn } from './check-cell.ts';
import { expectationOf } from './expectation.ts';
import { KillGroup } from './kill-group.ts';
import { prepareRun } from '../prepare-run.ts';
import { NeverThere } from './never-there.ts';
import { Play } from './play.ts';
import type { Place } from './place.ts';
import { sceneOf } from './scene.ts';
import { shuffled } from './seeded.ts';
import type { OpenStage } from './open-stage.ts';

/** What came of a cell. `wrong`: in words; empty where it passed. */
export interface CellResult {
  readonly end: string;
  readonly wrong: readonly string[];
  readonly ms: number;
}

/** Cells at play at the same moment; most of their time they wait. */
const AT_ONCE = 8;
const TRIES_MAX = 4;

/**
 * Plays cells, many at once, in an order of the seed's; those that kill the workers all together, when the others have ended.
 *
 * @param ended is told each result as soon as it is there
 */
export const runCells = async (
  on: OpenStage,
  cells: readonly Cell[],
  { seed, ended }: { seed: number; ended: (cell: Cell, result: CellResult) => void },
): Promise<void> => {
  const killing = cells.filter(({ plan }) => plan.killsWorkers === true);
  const waiting = shuffled(
    cells.filter(({ plan }) => plan.killsWorkers !== true),
    ({ id }) => id,
    seed,
  ).values();
  const nobody = new KillGroup(0, async () => {});
  const worker = async (): Promise<void> => {
    for (const cell of waiting) ended(cell, await runCell(on, cell, nobody));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const group = new KillGroup(killing.length, () => on.workers.killAndRestart());
  await Promise.all(killing.map(async (cell) => ended(cell, await runCell(on, cell, group))));
};

/** What must hold when all cells have been played, in words where it does not. */
export const wrongAfterAll = async (on: OpenStage): Promise<readonly string[]> => [
  ...(await on.stage.wrongAtEnd(on.services)),
  ...(await on.notReplaying()),
];

const runCell = async (on: OpenStage, cell: Cell, group: KillGroup): Promise<CellResult> => {
  const began = Date.now();
  const { plan, place } = cell;
  for (let tries = 1; ; tries++) {
    const key = `${cell.id.replaceAll(/[^\w.-]/g, '-')}.${tries}`;
    let play: Play | undefined;
    try {
      play = await prepare(on, place, key);
      await plan.act(sceneOf(play, place, group, tries));
      const usual = await expectationOf(
        place.saga,
        { path: place.path, key, input: play.input, callId: plan.at ?? place.call.id },
        plan.befalls,
      );
      const expected = plan.changes?.(usual) ?? usual;
      const closed = await play.closed();
      return {
        end: closed.view.status,
        wrong: await wrongIn(play, place.saga, expected, closed),
        ms: Date.now() - began,
      };
    } catch (error) {
      if (error instanceof NeverThere && tries < TRIES_MAX) continue;
      group.leave();
      return { end: 'failed', wrong: [inWords(error), await lookOf(play)], ms: Date.now() - began };
    }
  }
};

/** A run of its own for one cell: an input of a fresh key, and whatever it needs. */
const prepare = async (on: OpenStage, { saga, path }: Place, key: string): Promise<Play> => {
  const { input, first } = await prepareRun(on, saga, path, key);
  if (first !== undefined) {
    const play = new Play(on, first.saga, key, first.input);
    await play.start();
    const { view } = await play.closed();
    if (view.status !== 'completed') throw new Error(`${play.id}, which comes first, is ${view.status}`);
  }
  return new Play(on, saga.definition.name, key, input, first && [`${first.saga}:${key}`]);
};

/** An error with its causes. */
const inWords = (error: unknown): string =>
  error instanceof Error
    ? [error.message, ...(error.cause === undefined ? [] : [inWords(error.cause)])].join(': ')
    : String(error);

/** How a saga looks that does not do what it should. */
const lookOf = async (play: Play | undefined): Promise<string> => {
  try {
    const view = await play?.view();
    const steps = view?.steps.map(
      ({ name, instance, state, discharge, attempt, error, undo }) =>
        `${name}${instance === null ? '' : `:${instance}`} ${state} ${discharge} #${attempt} ${error ?? ''} ${undo === null ? '' : JSON.stringify(undo)}`,
    );
    return `${play?.id} is ${view?.status} (${JSON.stringify(view?.cause)}):\n    ${steps?.join('\n    ')}`;
  } catch (error) {
    return `${play?.id} cannot be looked at: ${inWords(error)}`;
  }
};
