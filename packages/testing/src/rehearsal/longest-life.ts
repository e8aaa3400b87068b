import { PURGE_LIMIT_DAYS } from '@amends/contracts/internal';
import { milliseconds } from '@amends/saga/internal';
import type { Span } from '@amends/saga';
import type { RehearsedSaga } from './rehearsed-saga.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

/**
 * The longest that a saga can wait by its definition, in milliseconds: its deadline, each of its waits, and each saga that it starts, one after
 * another. What it calls takes minutes, and how long a parked one waits nobody knows.
 */
const longestLifeOf = (
  { definition, app }: Pick<RehearsedSaga, 'definition' | 'app'>,
  parents: readonly string[] = [],
): number => {
  const { name, deadline, steps } = definition;
  if (parents.includes(name)) return 0;
  const waits = Object.values(steps).map((step) => {
    if (step.kind === 'event' || step.kind === 'approval') return lengthOf(step.within);
    const child = step.kind === 'child' ? app.sagas[step.saga] : undefined;
    return child === undefined ? 0 : longestLifeOf({ definition: child.definition, app }, [...parents, name]);
  });
  return (deadline === null ? 0 : lengthOf(deadline)) + waits.reduce((sum, wait) => sum + wait, 0);
};

/** What is no length of time is told elsewhere. */
const lengthOf = (span: Span): number => {
  try {
    return milliseconds(span);
  } catch {
    return 0;
  }
};

/** P11: participants forget a saga's operations after a while, and what they have forgotten nobody can undo. In words; empty: it is short enough. */
export const livesTooLong = (saga: RehearsedSaga): readonly string[] => {
  const days = Math.ceil(longestLifeOf(saga) / DAY_MS);
  if (days < PURGE_LIMIT_DAYS) return [];
  return [
    `its deadline and its waits may take ${days} days together, and participants forget a saga after ${PURGE_LIMIT_DAYS}`,
  ];
};
