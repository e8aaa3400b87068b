import type { Step } from '@amends/saga';
import type { RehearsedSaga } from '../rehearsal/rehearsed-saga.ts';
import { pathsOf, rehearsePath } from '../rehearsal/ways.ts';
import * as faults from './faults/index.ts';
import type { Fault, Plan } from './fault.ts';
import type { Place } from './place.ts';
import { choose } from './seeded.ts';

/** One cell of the matrix. `row` and `column` are where the table shows it. */
export interface Cell {
  /** `refundPayment/answer-lost`, `authorizePayment/refused:expired`. */
  readonly id: string;
  readonly row: string;
  readonly column: string;
  readonly place: Place;
  readonly plan: Plan;
}

/** A step at which a fault cannot be, and why. */
export interface Dash {
  readonly row: string;
  readonly column: string;
  readonly why: string;
}

/** In the table's order. */
export const FAULTS: readonly Fault[] = [
  faults.refused,
  faults.unavailableThenFine,
  faults.unavailableForEver,
  faults.answerLost,
  faults.answerLostForEver,
  faults.lateCommit,
  faults.lateAfterUndo,
  faults.duplicate,
  faults.workerKilled,
  faults.cancelled,
  faults.deadline,
  faults.undoRefused,
  faults.undoFails,
  faults.sealAway,
  faults.killed,
];

/** The row of paths that nothing befalls. */
export const STRAIGHT = 'nothing';

/** Everything that may go wrong with a saga, step by step: derived from its definition and its rehearsal alone. */
export const cellsOf = async (
  saga: RehearsedSaga,
  seed: number,
): Promise<{ readonly cells: readonly Cell[]; readonly dashes: readonly Dash[] }> => {
  const cells: Cell[] = [];
  const dashes: Dash[] = [];
  for (const path of pathsOf(saga)) cells.push(await straightCell(saga, path, seed));
  for (const [name, step] of Object.entries(saga.definition.steps)) {
    const place = await placeOf(saga, name, step, seed);
    if (place === undefined) continue;
    for (const fault of FAULTS) {
      const plans = await fault.plans(place);
      if (typeof plans === 'string') dashes.push({ row: name, column: fault.name, why: plans });
      else for (const plan of plans) cells.push(cellOf(name, fault.name, place, plan));
    }
  }
  return { cells, dashes };
};

const cellOf = (row: string, column: string, place: Place, plan: Plan): Cell => ({
  id: `${row}/${column}${plan.variant === '' ? '' : `:${plan.variant.replaceAll(' ', '-')}`}`,
  row,
  column,
  place,
  plan,
});

/** On the first path that reaches the step; of a loop one instance, which the seed chooses. */
const placeOf = async (saga: RehearsedSaga, name: string, step: Step, seed: number): Promise<Place | undefined> => {
  for (const path of pathsOf(saga)) {
    const straight = await rehearsePath(saga, path);
    const [first, ...others] = straight.calls.filter((call) => call.step === name);
    if (first === undefined) continue;
    const call = choose([first, ...others], seed, saga.definition.name, name, 'instance');
    return { saga, path, call, step, straight, seed };
  }
  return undefined;
};

const straightCell = async (saga: RehearsedSaga, path: string, seed: number): Promise<Cell> => {
  const straight = await rehearsePath(saga, path);
  const [call] = straight.calls;
  const step = call && saga.definition.steps[call.step];
  if (call === undefined || step === undefined) throw new Error(`${saga.definition.name} has no steps`);
  // nothing is struck, and no wait is left to the cell
  const nowhere = { ...call, id: 'nothing', step: 'nothing' };
  const place: Place = { saga, path, call: nowhere, step, straight, seed };
  const plan: Plan = { variant: path, befalls: null, act: ({ begin }) => begin() };
  return cellOf(STRAIGHT, '', place, plan);
};
