import { choose, shuffled } from '../../packages/testing/src/matrix/seeded.ts';
import type { ShopService } from '../shop.ts';
import { blowsOn, nameOfBlow, type Blow } from './blows.ts';
import { OPS, PATHS, type Op } from './paths.ts';
import { hasUndo, SUBJECTS, type Subject } from './subjects.ts';

/** How a caller finds out what came of an action: it asks again, or does not want it any more. */
export type Remedy = 'repeat' | 'undo' | 'settle' | 'seal';

export interface Trial {
  readonly name: string;
  readonly subject: Subject;
  readonly op: Op;
  readonly blow: Blow;
  readonly remedy: Remedy;
  /** How many ask the same at once. */
  readonly callers: number;
  /** How long after the point the process dies. */
  readonly afterMs: number;
}

export interface TrialsAsked {
  /** How often a service is killed. */
  readonly kills: number;
  readonly seed: number;
  /** Default: all five. */
  readonly services?: readonly ShopService[];
}

/** For so many kills of a service the card provider is killed once, and a connection cut once. */
const KILLS_PER_KILL_OF_PROVIDER = 10;
const KILLS_PER_CUT = 3;

/** Every op at every blow comes before any comes again with another action; the seed chooses the order and the rest. */
export const trialsOf = ({ kills, seed, services }: TrialsAsked): readonly Trial[] => {
  const subjects = SUBJECTS.filter(({ service }) => services?.includes(service) ?? true);
  const cells = cellsOf(subjects);
  const shares = {
    service: kills,
    provider: Math.ceil(kills / KILLS_PER_KILL_OF_PROVIDER),
    connection: Math.ceil(kills / KILLS_PER_CUT),
  };
  return (Object.keys(shares) as (keyof typeof shares)[]).flatMap((strikes) =>
    trialsIn(
      cells.filter(({ blow }) => blow.strikes === strikes),
      shares[strikes],
      seed,
    ),
  );
};

interface Cell {
  readonly name: string;
  readonly op: Op;
  readonly blow: Blow;
  /** The actions that can be tried so. */
  readonly able: Subject[];
}

const cellsOf = (subjects: readonly Subject[]): readonly Cell[] => {
  const cells = new Map<string, Cell>();
  for (const op of OPS) {
    for (const subject of subjects) {
      for (const blow of blowsOn(PATHS[op](subject) ?? [])) {
        const name = `${op}, ${nameOfBlow(blow)}`;
        const cell = cells.get(name) ?? { name, op, blow, able: [] };
        cell.able.push(subject);
        cells.set(name, cell);
      }
    }
  }
  return [...cells.values()];
};

const trialsIn = (cells: readonly Cell[], count: number, seed: number): Trial[] => {
  if (cells.length === 0) return [];
  const order = shuffled(cells, ({ name }) => name, seed);
  return Array.from({ length: count }, (_, n) => {
    const { name: cell, op, blow, able } = order[n % order.length] as Cell;
    // the rounds go through the actions, so that each of them has each op and blow in time
    const subject = able[(n + Math.floor(n / order.length)) % able.length] as Subject;
    const name = `crash-${seed}-${n}-${cell}`.replaceAll(/[^A-Za-z0-9]+/g, '-');
    const dying = blow.at === 'committing' || blow.strikes === 'provider';
    return {
      name,
      op,
      blow,
      subject,
      remedy: op === 'do' ? choose(hasUndo(subject) ? UNDOABLE : NOT_UNDOABLE, seed, name, 'remedy') : 'repeat',
      callers: choose([1, 1, 2, 3], seed, name, 'callers'),
      afterMs: dying ? choose([0, 0, 1, 2, 4], seed, name, 'afterMs') : 0,
    };
  });
};

const UNDOABLE = ['repeat', 'repeat', 'undo', 'settle', 'seal'] as const;
const NOT_UNDOABLE = ['repeat', 'repeat', 'settle', 'seal'] as const;
