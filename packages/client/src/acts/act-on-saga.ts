import type { SagaView } from '@amends/contracts';
import type { SagaTemporal } from '../known-sagas.ts';
import { findSaga, isRecovery } from '../views/find-saga.ts';
import { noSuchSaga, refused, type Refused } from './refused.ts';
import { takenBefore } from './taken-before.ts';
import { isSameAct, otherAct, updateSaga, viewAfter, type SagaUpdateCall, type Updated } from './update-saga.ts';
import { viewFound } from '../views/view-saga.ts';

/** What an operator does to a saga. */
export interface Act<R> {
  readonly id: string;
  readonly request: R;
  /** The same one acts once, and is answered again, whatever has become of the saga since. */
  readonly updateId?: string | undefined;
  /** Whether the saga is still what the operator has seen; it is asked just before, and the saga compares once more as it acts. */
  readonly isStill?: ((view: SagaView) => boolean) | undefined;
}

/** Says of a saga as it is now why an act on it is to be refused. `recovered`: it was killed, and its recovery run is what is acted on. */
export type Check = (view: SagaView, recovered: boolean) => Refused | undefined;

/**
 * Does to a saga what an operator asks (S6, S11), once. Of two operators who have seen the same, the saga itself takes one: the
 * step is not parked any more for the other.
 *
 * @throws Unavailable when Temporal or a worker did not answer: repeat it, under the same `updateId`
 */
export const actOnSaga = async (
  client: SagaTemporal,
  { isStill, ...call }: SagaUpdateCall & Pick<Act<unknown>, 'isStill'>,
  check?: Check,
): Promise<Updated> => {
  const found = await findSaga(client, call.id);
  if (!found) return noSuchSaga(call.id);
  const before = call.updateId === undefined ? undefined : await takenBefore(client, found, call.updateId);
  if (before) return isSameAct(before, call) ? viewAfter(client, call) : otherAct(before);
  if (isStill || check) {
    const { view, unavailable, told } = await viewFound(client, found);
    if (unavailable) throw unavailable;
    if (isStill && !isStill(view)) return refused('version-mismatch', `its version is ${view.version}`);
    const refusal = view.closedAt === null ? check?.(view, isRecovery(found.run)) : undefined;
    if (refusal) return refusal;
    // between this look and the act others may act: the saga itself compares
    if (isStill) return updateSaga(client, { ...call, expected: told });
  }
  return updateSaga(client, call);
};
