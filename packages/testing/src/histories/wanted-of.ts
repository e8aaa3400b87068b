import type { RehearsedSaga } from '../rehearsal/rehearsed-saga.ts';
import * as kinds from './kinds/index.ts';
import type { Wanted } from './wanted.ts';

const IN_ORDER = [
  kinds.straight,
  kinds.refused,
  kinds.answered,
  kinds.unknown,
  kinds.settled,
  kinds.stopped,
  kinds.undoParked,
  kinds.exhausted,
  kinds.recovered,
  kinds.durableLane,
  kinds.early,
];

/** Every history that a saga must have: a new path, step or refusal of it wants one more. */
export const wantedOf = async (saga: RehearsedSaga): Promise<readonly Wanted[]> => {
  const wanted: Wanted[] = [];
  for (const kind of IN_ORDER) wanted.push(...(await kind(saga)));
  return wanted;
};
