import type { RetryRequest } from '@amends/contracts/internal';
import type { KnownSagas, SagaTemporal } from '../known-sagas.ts';
import { actOnSaga, type Act, type Check } from './act-on-saga.ts';
import { refused } from './refused.ts';
import { findStep, issuesOf, JsonObject } from '../step-contract.ts';
import type { Updated } from './update-saga.ts';

/**
 * Takes a parked step up again, also with a corrected input (S6): of an action it must be as its contract says, of an undo any object.
 *
 * @throws Unavailable
 */
export const retryStep = (client: SagaTemporal, act: Act<RetryRequest>): Promise<Updated> =>
  actOnSaga(
    client,
    { ...act, update: 'retry' },
    act.request.input === undefined ? undefined : checkInput(client.sagas, act.request),
  );

const checkInput =
  (sagas: KnownSagas, { step: name, input }: RetryRequest): Check =>
  (view) => {
    const step = findStep(view, name);
    const isUndo = step?.undo?.state === 'parked';
    if (!step || !(isUndo || step.state === 'parked')) return refused('not-parked', `${name} is not parked`);
    const schema =
      isUndo || step.kind !== 'retriable' ? JsonObject : (sagas.actionOf(view.id, step)?.input ?? JsonObject);
    const errors = issuesOf(schema, 'input', input);
    return errors.length > 0 ? { refused: 'invalid', errors } : undefined;
  };
