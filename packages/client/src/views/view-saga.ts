import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { ExpectedVersion, SagaQuery } from '@amends/contracts/internal';
import { SagaView } from '@amends/contracts';
import type { SagaTemporal } from '../known-sagas.ts';
import { bounded, CALL_DEADLINE_MS } from '../bounded.ts';
import { withClosing } from './closing.ts';
import { findSaga, isRecovery, type FoundSaga } from './find-saga.ts';
import { withPendingCalls } from './pending-calls.ts';
import { recoveredView } from './recovered-view.ts';
import { isUnavailable, type Unavailable } from '@amends/contracts/internal';
import { versionBase } from './version-base.ts';
import { viewFromClose } from './view-from-close.ts';
import { viewFromStart } from './view-from-start.ts';

const VIEW = 'view' satisfies SagaQuery;

/** `unavailable`: no worker answered, and the view is only what the start tells. */
export interface ViewedSaga {
  readonly view: SagaView;
  readonly unavailable?: Unavailable | undefined;
  /** What the run itself counts, of which the view's version is made; undefined when no worker has told it. */
  readonly told?: ExpectedVersion | undefined;
}

/**
 * A saga as everybody sees it, open or closed, as long as Temporal keeps its history; undefined when there is none.
 *
 * @throws Unavailable when Temporal does not answer, or no worker does
 */
export const viewSaga = async (client: SagaTemporal, id: string): Promise<SagaView | undefined> => {
  const found = await findSaga(client, id);
  if (!found) return undefined;
  const { view, unavailable } = await viewFound(client, found);
  if (unavailable) throw unavailable;
  return view;
};

/**
 * The view of a saga that has just been found. A killed one is shown as its recovery run is, once there is one (S14).
 *
 * @throws Unavailable when Temporal does not answer
 */
export const viewFound = async (client: SagaTemporal, { id, run, killed }: FoundSaga): Promise<ViewedSaga> => {
  if (!isRecovery(run)) return viewRun(client, run);
  const [recovery, before] = await Promise.all([viewRun(client, run), killed && viewRun(client, killed)]);
  return {
    view: { ...recoveredView({ recovery: recovery.view, killed: before?.view }), id },
    unavailable: recovery.unavailable ?? before?.unavailable,
    told: recovery.told,
  };
};

/**
 * The view of a run that has just been described, so that what had closed by then is in the query's answer too. A closed one has told its view
 * itself: no worker is asked, which would have to replay it all. Of a run whose query fails (its code does not replay, its task fails again and again), or that was ended before any worker saw it, its
 * start tells what can be known.
 *
 * @throws Unavailable when Temporal does not answer
 */
const viewRun = async (client: SagaTemporal, run: WorkflowExecutionDescription): Promise<ViewedSaga> => {
  try {
    const view = (await viewFromClose(client, run)) ?? SagaView.parse(await queryView(client, run));
    const shown = { ...view, version: versionBase(run) + view.version };
    return {
      view: withClosing(withPendingCalls(shown, run), run),
      told: { run: run.runId, version: view.version },
    };
  } catch (error) {
    const { view, untouched } = await viewFromStart(client, run);
    const isAllThereIs = !isUnavailable(error) || (untouched && run.closeTime !== undefined);
    return isAllThereIs ? { view } : { view, unavailable: error };
  }
};

const queryView = (client: SagaTemporal, { workflowId, runId }: WorkflowExecutionDescription): Promise<unknown> =>
  bounded(client, CALL_DEADLINE_MS, () => client.workflow.getHandle(workflowId, runId).query<unknown>(VIEW));
