import type { SagaStatus, StepView } from '@amends/contracts';
import type { SceneState } from './scene-state.ts';

const NOT_BEGUN = '·';

/** One cell: what a step of one saga is doing, in a word. */
export const stepWord = (step: StepView | undefined): string => {
  if (!step || step.state === 'pending') return NOT_BEGUN;
  if (step.undo?.state === 'parked' || step.state === 'parked') return 'parked';
  if (step.undo?.state === 'running') return 'undoing …';
  if (step.discharge === 'compensated') return 'undone';
  if (step.state === 'running') return step.attempt > 1 ? `try ${step.attempt} …` : 'running';
  if (step.state === 'unknown' && step.discharge === 'nothing-to-undo') return 'not done';
  return step.state;
};

const SAGA_WORDS = {
  running: 'running',
  compensating: 'undoing …',
  parked: 'parked',
  completed: 'completed',
  compensated: 'undone',
  cancelled: 'cancelled',
  killed: 'killed',
} as const satisfies Record<SagaStatus, string>;

/** The saga's own cell: what it does, or how it ended. */
const sagaWord = ({ saga, cancel }: SceneState): string => {
  if (!saga) return 'not yet';
  return saga.status === 'running' && cancel === 'requested' ? 'cancel …' : SAGA_WORDS[saga.status];
};

interface TableRow {
  readonly name: string;
  /** One for each scene. */
  readonly cells: readonly string[];
}

/** A row for each step in the saga's order, then the saga and the order; a column for each scene. */
const stepsTable = (states: readonly SceneState[]): TableRow[] => {
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
const CELL_WIDTH = 10;

const plain = (_word: string, text: string): string => text;

/** Columns that a table of so many scenes needs. */
export const tableWidth = (scenes: number): number => NAME_WIDTH + CELL_WIDTH * scenes;

/** The table as text: the scenes' names on top. `paint` may colour a cell by its word, but not widen it. */
export const tableText = (states: readonly SceneState[], paint = plain): string[] => {
  const line = ({ name, cells }: TableRow): string =>
    name.padEnd(NAME_WIDTH) + cells.map((cell) => paint(cell, cell.padEnd(CELL_WIDTH))).join('');
  const head = ''.padEnd(NAME_WIDTH) + states.map(({ scene }) => scene.name.padEnd(CELL_WIDTH)).join('');
  const rows = stepsTable(states);
  const rule = '─'.repeat(tableWidth(states.length));
  return [head, rule, ...rows.slice(0, -2).map(line), rule, ...rows.slice(-2).map(line)];
};

/** What has changed between two tables, a line an order: `declined     authorizePayment refused, saga compensating`. */
export const tableChanges = (before: readonly SceneState[], now: readonly SceneState[]): string[] => {
  const old = new Map(stepsTable(before).map(({ name, cells }) => [name, cells]));
  const rows = stepsTable(now);
  return now.flatMap(({ scene }, i) => {
    const changes = rows.flatMap(({ name, cells }) => {
      const cell = cells[i];
      return cell === (old.get(name)?.[i] ?? NOT_BEGUN) ? [] : [`${name} ${cell}`];
    });
    return changes.length === 0 ? [] : [scene.name.padEnd(CELL_WIDTH) + changes.join(', ')];
  });
};
