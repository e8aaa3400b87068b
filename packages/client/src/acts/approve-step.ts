import { parseSagaId } from '@amends/contracts';
import type { ApproveRequest } from '@amends/contracts/internal';
import type { SagaTemporal } from '../known-sagas.ts';
import { actOnSaga, type Act } from './act-on-saga.ts';
import { refused } from './refused.ts';
import type { Updated } from './update-saga.ts';

/**
 * Gives a saga a person's answer to one of its approvals, also before it waits for it (S11). `not-found`: there is no such saga, or it
 * has no such approval.
 *
 * @throws Unavailable
 */
export const approveStep = async (client: SagaTemporal, act: Act<ApproveRequest>): Promise<Updated> => {
  const { name } = act.request;
  const steps = client.sagas.catalog.get(parseSagaId(act.id)?.saga ?? '')?.steps ?? [];
  if (!steps.some((step) => step.name === name && step.kind === 'approval')) {
    return refused('not-found', `there is no saga ${act.id} with an approval ${name}`);
  }
  return actOnSaga(client, { ...act, update: 'approve' });
};
