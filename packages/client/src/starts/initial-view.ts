import { parseSagaId } from '@amends/contracts';
import type { SagaStart } from '@amends/contracts/internal';
import type { SagaView } from '@amends/contracts';
import type { KnownSagas } from '../known-sagas.ts';
import { deadlineOf, listedMemo } from '../views/listed.ts';

/** A saga of which nothing has run yet, as its start alone tells it, or its recovery run's: no worker is needed for it. */
export const initialView = (sagas: KnownSagas, workflowId: string, input: unknown, start: SagaStart): SagaView => {
  const { startedAt, trigger, recovers, early } = start;
  const { saga, key } = parseSagaId(workflowId) ?? { saga: '', key: '' };
  const { steps } = sagas.catalog.get(saga) ?? { steps: [] };
  return {
    id: recovers ?? workflowId,
    saga,
    key,
    status: recovers === undefined ? 'running' : 'compensating',
    phase: 'compensable',
    version: 0,
    startedAt,
    closedAt: null,
    deadlineAt: deadlineOf(sagas, saga, listedMemo(start).listed, early !== undefined),
    trigger,
    input,
    result: null,
    cause: null,
    steps: steps.map(({ name, kind, service, lane }) => ({
      name,
      instance: null,
      kind,
      service,
      lane,
      state: 'pending',
      discharge: null,
      attempt: 0,
      startedAt: null,
      endedAt: null,
      error: null,
      undo: null,
    })),
    audit: [],
  };
};
