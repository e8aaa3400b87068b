import type { Step } from '@amends/saga';
import { happeningsOf } from './happenings.ts';
import { laidOver } from './laid-over.ts';
import { rehearse, type Script } from './rehearse.ts';
import type { Befalls, Rehearsal } from './rehearsed.ts';
import { EXAMPLE, type RehearsedSaga } from './rehearsed-saga.ts';
import { usualAnswer } from './usual-answer.ts';

/** One way through a saga: a path, and what befalls one of its calls; null: nothing does. */
export interface Way {
  readonly path: string;
  readonly befalls: { readonly id: string; readonly words: string } | null;
  readonly rehearsal: Rehearsal;
}

/** The example's own path first, then the listed ones. */
export const pathsOf = ({ paths }: RehearsedSaga): readonly string[] => [EXAMPLE, ...Object.keys(paths)];

/** The input of one path. */
export const inputOf = ({ contract, paths }: RehearsedSaga, path: string): unknown =>
  laidOver(contract.example, paths[path]?.input);

/** Rehearses one path; `befalls` says what befalls the call of that id. */
export const rehearsePath = (
  saga: RehearsedSaga,
  path: string,
  befalls: Readonly<Record<string, Befalls>> = {},
  changes: Partial<Script> = {},
): Promise<Rehearsal> => {
  const { input = inputOf(saga, path), ...rest } = changes;
  const usual = usualAnswer(saga, input, saga.paths[path]);
  return rehearse(saga.definition, { input, usual, befalls: ({ id }) => befalls[id] ?? null, ...rest });
};

/** Every path, and on it everything that may befall each of its calls, one at a time. */
export const waysThrough = async (saga: RehearsedSaga): Promise<readonly Way[]> => {
  const ways: Way[] = [];
  for (const path of pathsOf(saga)) {
    const straight = await rehearsePath(saga, path);
    ways.push({ path, befalls: null, rehearsal: straight });
    for (const { id, step } of straight.calls) {
      for (const { words, befalls } of happeningsOf(saga.definition.steps[step] as Step, saga.app)) {
        ways.push({ path, befalls: { id, words }, rehearsal: await rehearsePath(saga, path, { [id]: befalls }) });
      }
    }
  }
  return ways;
};

/** What a way leads to, in words: `bookShipment refused (country-not-served): compensated, undoing reserveStock, acceptOrder`. */
export const inWords = ({ path, befalls, rehearsal: { end, undone, parked } }: Way): string => {
  const where = path === EXAMPLE ? '' : `${path}: `;
  const undoing = end === 'completed' ? '' : `, undoing ${undone.join(', ') || 'nothing'}`;
  const parking = parked.length === 0 ? '' : `, ${parked.join(', ')} parked`;
  return `${where}${befalls === null ? '' : `${befalls.id} ${befalls.words}: `}${end}${parking}${undoing}`;
};
