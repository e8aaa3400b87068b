import type { SkipRequest } from '@amends/contracts/internal';
import type { SagaTemporal } from '../known-sagas.ts';
import { actOnSaga, type Act } from './act-on-saga.ts';
import type { Updated } from './update-saga.ts';

/**
 * Goes on without a parked step (S6). The saga refuses it of a pivot.
 *
 * @throws Unavailable
 */
export const skipStep = (client: SagaTemporal, act: Act<SkipRequest>): Promise<Updated> =>
  actOnSaga(client, { ...act, update: 'skip' });
