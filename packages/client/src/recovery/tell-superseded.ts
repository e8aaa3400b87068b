import { recoveredBy, recoveryId } from '@amends/contracts/internal';
import type { SagaSignal } from '@amends/contracts/internal';
import type { Log } from '@amends/runtime/internal';
import type { SagaTemporal } from '../known-sagas.ts';
import { bounded, CALL_DEADLINE_MS } from '../bounded.ts';
import { isSuperseded } from './recover-saga.ts';
import { literal, oneOf } from '../views/saga-filter.ts';

const LOOK = 'look' satisfies SagaSignal;

/**
 * Has each recovery run look whose saga has a newer run of its own, so that it ends by itself (S14): Temporal tells it nothing of a reset. One
 * that cannot be told is told by the next sweep.
 *
 * @throws Unavailable when Temporal does not answer
 */
export const tellSuperseded = async (
  client: SagaTemporal,
  { log, signal }: { log: Log; signal: AbortSignal | undefined },
): Promise<void> => {
  const query = `${oneOf('WorkflowType', [...client.sagas.catalog.keys()])} AND WorkflowId STARTS_WITH ${literal(recoveryId(''))} AND ExecutionStatus = 'Running'`;
  for await (const { workflowId, runId } of client.workflow.list({ query })) {
    signal?.throwIfAborted();
    try {
      if (!(await isSuperseded(client, workflowId, runId))) continue;
      await bounded(client, CALL_DEADLINE_MS, () => client.workflow.getHandle(workflowId, runId).signal(LOOK));
      log.warn({ saga: recoveredBy(workflowId) }, 'a saga has a newer run of its own: its recovery ends');
    } catch (error) {
      log.warn({ err: error, recovery: workflowId }, 'a recovery run cannot be looked at: the next sweep tries again');
    }
  }
};
