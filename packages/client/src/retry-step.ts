import type { Client } from '@temporalio/client';
import type { RetryRequest } from '@amends/contracts/internal';
import { actOnSaga, type Act, type Check } from './act-on-saga.ts';
import { refused } from './refused.ts';
import { actionOf, findStep, issuesOf, JsonObject } from './step-contract.ts';
import type { Updated } from './update-saga.ts';

/**
 * Takes a parked step up again, also with a corrected input (S6): of an action it must be as its contract says, of an undo any object.
 *
 * @throws Unavailable
 */
export const retryStep = (client: Client, act: Act<RetryRequest>): Promise<Updated> =>
  actOnSaga(client, { ...act, update: 'retry' }, act.request.input === undefined ? undefined : checkInput(act.request));

const checkInput =
  ({ step: name, input }: RetryRequest): Check =>
  (view) => {
    const step = findStep(view, name);
    const isUndo = step?.undo?.state === 'parked';
    if (!step || !(isUndo || step.state === 'parked')) return refused('not-parked', `${name} is not parked`);
    const schema = isUndo || step.kind !== 'retriable' ? JsonObject : (actionOf(view.id, step)?.input ?? JsonObject);
    const errors = issuesOf(schema, 'input', input);
    return errors.length > 0 ? { refused: 'invalid', errors } : undefined;
  };
