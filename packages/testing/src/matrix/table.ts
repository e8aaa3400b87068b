import { type Cell, type Dash, FAULTS, STRAIGHT } from './cells.ts';
import type { CellResult } from './run-cells.ts';

const LETTERS: Readonly<Record<string, string>> = { completed: 'C', compensated: 'B', cancelled: 'X' };

const LONGEST = 5;

/** Saga × step × fault, as a text to print: the end that was reached; `–`: not applicable, and below why; `✗`: not passed. */
export const tableOf = (saga: string, results: ReadonlyMap<Cell, CellResult>, dashes: readonly Dash[]): string => {
  const columns = FAULTS.map(({ name }) => name);
  const cells = [...results];
  const rows = [...new Set([...cells.map(([{ row }]) => row), ...dashes.map(({ row }) => row)])];
  const shown = (row: string, column: string): string => {
    const here = cells.filter(([cell]) => cell.row === row && cell.column === column);
    if (here.length === 0) return dashes.some((dash) => dash.row === row && dash.column === column) ? '–' : '';
    return [...new Set(here.map(([, { end, wrong }]) => (wrong.length > 0 ? '✗' : (LETTERS[end] ?? end))))].join('');
  };
  const lines = [
    ['step', ...columns],
    ...rows.filter((row) => row !== STRAIGHT).map((row) => [row, ...columns.map((column) => shown(row, column))]),
  ];
  const widths = lines[0]?.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0))) ?? [];
  const straight = cells.filter(([{ row }]) => row === STRAIGHT);
  const why = [...new Set(dashes.map((dash) => `${dash.column}: ${dash.why}`))];
  return [
    `${saga}: ${cells.filter(([, { wrong }]) => wrong.length === 0).length} of ${cells.length} cells pass`,
    ...lines.map((line) =>
      line
        .map((text, at) => text.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    ),
    `without a fault: ${straight.map(([{ place }, { end, wrong }]) => `${place.path} ${wrong.length > 0 ? '✗' : (LETTERS[end] ?? end)}`).join(', ')}`,
    `longest: ${cells
      .toSorted((a, b) => b[1].ms - a[1].ms)
      .slice(0, LONGEST)
      .map(([{ id }, { ms }]) => `${id} ${Math.round(ms / 100) / 10} s`)
      .join(', ')}`,
    'C completed, B compensated (went backward), X cancelled, ✗ not passed; –:',
    ...why.map((words) => `  ${words}`),
  ].join('\n');
};
