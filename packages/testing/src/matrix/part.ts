import { type Cell, FAULTS } from './cells.ts';
import { isOutsiders } from './faults/answer-lost.ts';
import { answerLost, workerKilled } from './faults/index.ts';
import { shuffled } from './seeded.ts';

/** What of the matrix is to be run. `all`: not only the fixed part; `saga`, `cell`: only that one, or all whose id begins so. */
export interface MatrixAsked {
  readonly seed: number;
  readonly all: boolean;
  readonly saga: string | null;
  readonly cell: string | null;
}

/** What `npm test` runs: as many cells of a saga, the same each time. */
export const FIXED_PART: MatrixAsked = { seed: 1, all: false, saga: null, cell: null };
const CELLS_OF_FIXED_PART = 5;

/** @param nth the saga's place among all: each has other faults in its fixed part, so that together they have every one */
export const partOf = (saga: string, nth: number, cells: readonly Cell[], asked: MatrixAsked): readonly Cell[] => {
  const { all, cell, seed } = asked;
  if (asked.saga !== null && asked.saga !== saga) return [];
  if (all) return cells.filter(({ id }) => cell === null || id.startsWith(cell));
  // a killed worker is missed for long
  const columns = FAULTS.map(({ name }) => name).filter((name) => name !== workerKilled.name);
  const first = (nth * CELLS_OF_FIXED_PART) % columns.length;
  const inOrder = shuffled(cells, ({ id }) => id, seed);
  const some = [...columns.slice(first), ...columns.slice(0, first)]
    .flatMap((column) => inOrder.filter((one) => one.column === column).slice(0, 1))
    .slice(0, CELLS_OF_FIXED_PART);
  // whatever the turn: an outsider that is asked again does it again
  const ofOutsiders = cells.filter(({ column, place }) => column === answerLost.name && isOutsiders(place.step));
  return [...new Set([...some, ...ofOutsiders])];
};
