import type { Operation } from '@amends/contracts/internal';
import { callSettle } from './call-service.ts';
import type { Entry } from '../run/ledger.ts';
import { failureOf, type Outcome } from './outcome.ts';
import type { SagaRun } from '../run/saga-run.ts';
import type { Step } from '../author/steps.ts';

/**
 * A participant repeats what it has stored of a key: a step that was refused, or is to be asked with another input, can only be done
 * under its next one (S6).
 */
export const takeNextKey = (run: SagaRun, entry: Entry): void =>
  run.ledger.change(entry, { keyNumber: entry.keyNumber + 1 });

/**
 * Before a step is asked with a corrected input, the key in use is fixed for good: what it has done stands, and nothing of it happens
 * later. An outsider has no keys to be fixed.
 *
 * @returns done with the stored answer; null: it is to be asked under its next key; else why that is not known
 */
export const settleForCorrection = async (
  run: SagaRun,
  step: Step<'retriable'>,
  entry: Entry,
): Promise<Outcome | null> => {
  if (step.serviceKind !== 'participant') return null;
  run.ledger.change(entry, { state: 'running', error: null });
  const settled = await callSettle<Operation>(run, step, entry);
  if (settled.kind !== 'done') {
    const { message, attempt } = failureOf(settled);
    return { kind: 'unknown', message: `settling failed: ${message}`, attempt };
  }
  const { state, answer } = settled.answer;
  return state === 'done' ? { kind: 'done', answer: answer?.body, attempt: settled.attempt } : null;
};
