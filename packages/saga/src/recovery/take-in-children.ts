import { scheduleActivity, sleep } from '@temporalio/workflow';
import type { ChildOfSaga } from '@amends/contracts/internal';
import { cancelSaga, joinSaga } from '../run/run-child.ts';
import type { SagaRun } from '../run/saga-run.ts';

const ASK_MS = 30_000;
/** By so much Temporal's index may be late: a child that was started right before the kill must be in it. */
const INDEX_LAG_MS = 3_000;

/**
 * The children of a saga that was killed, or forgotten, live on: each is cancelled, unless it has ended, and its end is waited for and taken
 * into the ledger, so that what has completed is undone (S14). Children that undid something go on by themselves.
 */
export const takeInChildren = async (run: SagaRun): Promise<void> => {
  const { steps } = run.definition;
  if (Object.values(steps).every(({ kind }) => kind !== 'child')) return;
  await run.limit.counted(async () => {
    await sleep(INDEX_LAG_MS, { summary: 'until its children are listed' });
    const children = await ask<readonly ChildOfSaga[]>('engine:childrenOf', run.id, 'children of an earlier run');
    if (run.recovers) await run.supersession.allows();
    await Promise.all(children.map((child) => takeIn(run, child)));
  });
};

const takeIn = async (run: SagaRun, { id, step: stepId, startedAt }: ChildOfSaga): Promise<void> => {
  const [name = '', instance = null] = stepId.split(':');
  const step = run.definition.steps[name];
  if (step?.kind !== 'child' || run.ledger.find(name, instance) !== undefined) return;
  const input = await ask<unknown>('engine:inputOf', id, `input of ${id}`);
  const entry = run.ledger.open(name, instance, input, { at: '', startedAt, isInputLost: input === null });
  await cancelSaga(id);
  const outcome = await joinSaga({ id, parent: run.id, step: stepId });
  if (outcome.kind === 'done') run.ledger.change(entry, { state: 'done', output: outcome.answer });
  else run.ledger.change(entry, { state: outcome.kind === 'refused' ? 'refused' : 'unknown' });
};

/** Retried without limit: a recovery that left a child out would leak. */
const ask = <T>(type: string, id: string, summary: string): Promise<T> =>
  scheduleActivity<T>(type, [id], { summary, startToCloseTimeout: ASK_MS });
