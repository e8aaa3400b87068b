import type { SagaTemporal } from '../known-sagas.ts';
import { isEarly } from '../starts/begin-early.ts';
import { isKilled } from '../views/closing.ts';
import { findSaga } from '../views/find-saga.ts';
import { killedSagas } from './sweep-killed-sagas.ts';

const AT_MOST = 100;

/**
 * The ids of killed sagas that nobody has begun to recover since before then, 100 at most: no sweep runs, or none of them succeeds (S14).
 *
 * @throws Unavailable when Temporal does not answer
 */
export const overdueSagas = async (client: SagaTemporal, killedBefore: Date): Promise<readonly string[]> => {
  const overdue: string[] = [];
  for await (const ids of killedSagas(client, killedBefore)) {
    for (const id of ids) {
      const found = await findSaga(client, id);
      if (found && isKilled(found.run) && !isEarly(found.killed ?? found.run)) overdue.push(id);
      if (overdue.length === AT_MOST) return overdue;
    }
  }
  return overdue;
};
