import type { StepView } from '../../contracts/saga-view.ts';
import type { SceneState } from './scene-state.ts';

/** One cell: what a step of one saga is doing, in a word. */
export const stepWord = (step: StepView | undefined): string => {
  if (!step || step.state === 'pending') return '·';
  if (step.undo?.state === 'parked' || step.state === 'parked') return 'parked';
  if (step.undo?.state === 'running') return 'undoing …';
  if (step.discharge === 'compensated') return 'undone';
  if (step.state === 'running') return step.attempt > 1 ? `try ${step.attempt} …` : '…';
  return step.state;
};

/** The saga's own line: `running`, or how it ended. */
const sagaWord = ({ saga, cancel }: SceneState): string => {
  if (!saga) return 'not yet';
  return saga.status === 'running' && cancel === 'requested' ? 'cancelling' : saga.status;
};

export interface TableRow {
  readonly name: string;
  /** One for each scene. */
  readonly cells: readonly string[];
}

/** A row for each step in the saga's order, then the saga and the order; a column for each scene. */
export const stepsTable = (states: readonly SceneState[]): TableRow[] => {
  const names = new Set(states.flatMap(({ saga }) => saga?.steps ?? []).map(({ name }) => name));
  return [
    ...[...names].map((name) => ({
      name,
      cells: states.map(({ saga }) => stepWord(saga?.steps.find((step) => step.name === name))),
    })),
    { name: 'saga', cells: states.map(sagaWord) },
    { name: 'order', cells: states.map(({ order }) => order) },
  ];
};

const NAME_WIDTH = 17;
const CELL_WIDTH = 13;

/** Columns that a table of so many scenes needs. */
export const tableWidth = (scenes: number): number => NAME_WIDTH + CELL_WIDTH * scenes;

const line = ({ name, cells }: TableRow): string =>
  (name.padEnd(NAME_WIDTH) + cells.map((cell) => cell.padEnd(CELL_WIDTH)).join('')).trimEnd();

/** The table as text: the scenes' names on top. */
export const tableText = (states: readonly SceneState[]): string[] => {
  const rows = stepsTable(states);
  const rule = '─'.repeat(tableWidth(states.length));
  const head = { name: '', cells: states.map(({ scene }) => scene.name) };
  return [line(head), rule, ...rows.slice(0, -2).map(line), rule, ...rows.slice(-2).map(line)];
};

/** What has changed between two tables, a line each: `declined  authorizePayment  refused`. */
export const tableChanges = (before: readonly SceneState[], now: readonly SceneState[]): string[] => {
  const old = new Map(stepsTable(before).map(({ name, cells }) => [name, cells]));
  return stepsTable(now).flatMap(({ name, cells }) =>
    cells.flatMap((cell, i) => {
      const was = old.get(name)?.[i] ?? '·';
      const scene = now[i]?.scene.name ?? '';
      return cell === was ? [] : [`${scene.padEnd(CELL_WIDTH)} ${name.padEnd(NAME_WIDTH)} ${cell}`];
    }),
  );
};
