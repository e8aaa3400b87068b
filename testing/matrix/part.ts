import type { Cell } from './cells.ts';
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
const CELLS_OF_FIXED_PART = 8;

declare module 'vitest' {
  // oxlint-disable-next-line typescript/consistent-type-definitions -- merged into vitest's own
  export interface ProvidedContext {
    matrix?: MatrixAsked;
  }
}

export const partOf = (saga: string, cells: readonly Cell[], asked: MatrixAsked): readonly Cell[] => {
  const { all, cell } = asked;
  if (asked.saga !== null && asked.saga !== saga) return [];
  if (all) return cells.filter(({ id }) => cell === null || id === cell || id.startsWith(cell));
  // each fault once, before any comes twice; a killed worker is missed for long
  const byColumn = new Map<string, Cell[]>();
  for (const one of shuffled(cells, ({ id }) => id, asked.seed)) {
    if (one.plan.killsWorkers === true) continue;
    byColumn.set(one.column, [...(byColumn.get(one.column) ?? []), one]);
  }
  return shuffled([...byColumn.keys()], (column) => `${saga} ${column}`, asked.seed)
    .flatMap((column) => byColumn.get(column)?.slice(0, 1) ?? [])
    .slice(0, CELLS_OF_FIXED_PART);
};
