import type { z } from 'zod';
import { parseSagaId } from '@amends/contracts';
import type { ResolveRequest } from '@amends/contracts/internal';
import type { StepView } from '@amends/contracts';
import type { KnownSagas, SagaTemporal } from '../known-sagas.ts';
import { actOnSaga, type Act, type Check } from './act-on-saga.ts';
import { refused, type Issue } from './refused.ts';
import { findStep, issuesOf } from '../step-contract.ts';
import type { Updated } from './update-saga.ts';

/**
 * Takes a person's word that a parked step was done by hand (S6). What it gave must be as the contract of its action says; of `flow`, and
 * of the pivot of a killed saga, as the saga's result. Of a pivot it has to be said whether it was done.
 *
 * @throws Unavailable
 */
export const resolveStep = (client: SagaTemporal, act: Act<ResolveRequest>): Promise<Updated> =>
  actOnSaga(client, { ...act, update: 'resolve' }, checkOutput(client.sagas, act.request));

const checkOutput =
  (sagas: KnownSagas, { step: name, output, outcome }: ResolveRequest): Check =>
  (view, recovered) => {
    const step = findStep(view, name);
    const isUndo = step?.undo?.state === 'parked';
    if (!step || !(isUndo || step.state === 'parked')) return refused('not-parked', `${name} is not parked`);
    const isPivot = step.kind === 'pivot' && !isUndo;
    const errors: Issue[] = [];
    if (isPivot && outcome === undefined)
      errors.push({ path: 'outcome', message: 'of a pivot it has to be said: done or not-done' });
    if (output !== undefined) {
      const schema = isUndo ? undefined : outputOf(sagas, view.id, step, recovered);
      errors.push(
        ...(schema ? issuesOf(schema, 'output', output) : [{ path: 'output', message: `${name} gives none` }]),
      );
    }
    return errors.length > 0 ? { refused: 'invalid', errors } : undefined;
  };

/** Undefined where nothing is given to the flow. */
const outputOf = (sagas: KnownSagas, sagaId: string, step: StepView, recovered: boolean): z.ZodType | undefined => {
  const isResult = step.name === 'flow' || (recovered && step.kind === 'pivot');
  return isResult ? sagas.contractOf(parseSagaId(sagaId)?.saga ?? '')?.result : sagas.actionOf(sagaId, step)?.output;
};
