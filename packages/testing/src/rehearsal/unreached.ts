import type { RehearsedSaga } from './rehearsed-saga.ts';
import type { Way } from './ways.ts';

/** Steps that no way reaches: dead code, or a branch that `<saga>.paths.ts` should list. */
export const unreachedOn = ({ definition }: RehearsedSaga, ways: readonly Way[]): readonly string[] => {
  const reached = new Set(ways.flatMap(({ rehearsal }) => rehearsal.calls.map(({ step }) => step)));
  return Object.keys(definition.steps).filter((name) => !reached.has(name));
};
