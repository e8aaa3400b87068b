import type { CrashPoint } from '../../packages/participant/src/index.ts';
import { hasUndo, type Subject } from './subjects.ts';

const COMMIT = ['recording', 'committing', 'committed'] as const;
const FIRST = ['received', 'claimed'] as const;
/** From the call of a provider to the record of what came of it. */
const CALL = ['calling', 'called', 'claimed', 'handled', ...COMMIT] as const;

const INSIDE = [...FIRST, 'handled', ...COMMIT, 'answered'] as const;
const OUTSIDE = [...FIRST, 'handled', ...COMMIT, ...CALL, 'answered'] as const;

type Path = (subject: Subject) => readonly CrashPoint[] | undefined;

const undone: Path = (subject) => (hasUndo(subject) ? (subject.outside ? OUTSIDE : INSIDE) : undefined);
const ended: Path = ({ outside }) => (outside ? [...FIRST, ...CALL, 'answered'] : undefined);

/**
 * What is interrupted, and the points that it passes; undefined where an action has nothing of the kind. `refused`: an action that its
 * service or the provider refuses; `undo early`: of a key that has done nothing; `settle done`: of one that is done, which only reads;
 * `left open`: of one whose action a crash has left open at the provider before.
 */
export const PATHS = {
  do: ({ outside }) => (outside ? OUTSIDE : INSIDE),
  refused: ({ refused, refusedBy }) => {
    if (refused === undefined) return undefined;
    return refusedBy === 'provider' ? OUTSIDE : [...FIRST, 'refused', ...COMMIT, 'answered'];
  },
  undo: undone,
  'undo early': () => [...FIRST, ...COMMIT, 'answered'],
  settle: () => [...FIRST, ...COMMIT, 'answered'],
  'settle done': () => [...FIRST, 'answered'],
  seal: () => [...FIRST, ...COMMIT, 'listed', 'answered'],
  'do left open': ended,
  'settle left open': ended,
  'undo left open': (subject) =>
    subject.outside && hasUndo(subject) ? [...FIRST, ...CALL, ...OUTSIDE.slice(1)] : undefined,
} as const satisfies Readonly<Record<string, Path>>;

export type Op = keyof typeof PATHS;
export const OPS = Object.keys(PATHS) as Op[];
