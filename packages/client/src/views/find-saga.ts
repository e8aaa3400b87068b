import type { WorkflowExecutionDescription } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { parseSagaId } from '@amends/contracts';
import { recoveredBy, recoveryId } from '@amends/contracts/internal';
import type { SagaTemporal } from '../known-sagas.ts';
import { bounded, CALL_DEADLINE_MS } from '../bounded.ts';
import { isKilled } from './closing.ts';
import { killedRunOf } from './recovered-view.ts';

/** What Temporal itself knows of a saga, without a worker. */
export interface FoundSaga {
  readonly id: string;
  /** The run that speaks for it: its own latest one; of a killed saga its recovery run, once there is one (S14). */
  readonly run: WorkflowExecutionDescription;
  /** The killed run that `run` recovers, as long as Temporal keeps it; else null. */
  readonly killed: WorkflowExecutionDescription | null;
}

/** Whether a run is not the saga's own, but recovers it. */
export const isRecovery = ({ workflowId }: Pick<WorkflowExecutionDescription, 'workflowId'>): boolean =>
  recoveredBy(workflowId) !== undefined;

/**
 * The saga of that id; undefined when the id is none of a saga of the catalog, or is unknown, or past retention. A recovery run that its saga
 * has left behind is found by its own id, `recover:<saga id>`, as long as it lives.
 *
 * @throws Unavailable
 */
export const findSaga = async (client: SagaTemporal, id: string): Promise<FoundSaga | undefined> => {
  const type = parseSagaId(id)?.saga;
  if (type === undefined || !client.sagas.catalog.has(type)) return undefined;
  const recovered = recoveredBy(id);
  if (recovered !== undefined) return findSuperseded(client, id, { recovered, type });
  const own = await findRun(client, id, type);
  if (own && !isKilled(own)) return { id, run: own, killed: null };
  const recovery = await findRun(client, recoveryId(id), type);
  if (recovery && recovers(recovery, own)) return { id, run: recovery, killed: own ?? null };
  return own && { id, run: own, killed: null };
};

/** A recovery run whose saga has a newer run of its own speaks for nobody, and is found by its own id as long as it lives. */
const findSuperseded = async (
  client: SagaTemporal,
  id: string,
  { recovered, type }: { recovered: string; type: string },
): Promise<FoundSaga | undefined> => {
  const recovery = await findRun(client, id, type);
  if (!recovery || recovery.closeTime) return undefined;
  return recovers(recovery, await findRun(client, recovered, type)) ? undefined : { id, run: recovery, killed: null };
};

/** Whether a saga's latest run is the one that a recovery run was begun for; a run that was made since, by a reset, is none of it. */
export const recovers = (
  { memo }: WorkflowExecutionDescription,
  own: WorkflowExecutionDescription | undefined,
): boolean => own === undefined || (killedRunOf(memo) === undefined ? isKilled(own) : killedRunOf(memo) === own.runId);

/** The latest run of a workflow of that type; undefined when there is none. @throws Unavailable */
export const findRun = async (
  client: SagaTemporal,
  workflowId: string,
  type: string,
): Promise<WorkflowExecutionDescription | undefined> => {
  try {
    const found = await bounded(client, CALL_DEADLINE_MS, () => client.workflow.getHandle(workflowId).describe());
    return found.type === type ? found : undefined;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
};
