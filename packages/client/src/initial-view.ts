import { parseSagaId } from '@amends/contracts';
import type { SagaStart } from '@amends/contracts/internal';
import type { SagaView } from '@amends/contracts';
import { catalog } from './catalog.ts';

/** A saga of which nothing has run yet, as its start alone tells it, or its recovery run's: no worker is needed for it. */
export const initialView = (
  workflowId: string,
  input: unknown,
  { startedAt, trigger, times, recovers, early }: SagaStart,
): SagaView => {
  const { saga, key } = parseSagaId(workflowId) ?? { saga: '', key: '' };
  const { deadline, steps } = catalog.get(saga) ?? { deadline: null, steps: [] };
  // one that waits for what starts it has no deadline yet (E4)
  const within = early ? null : (times.deadline ?? deadline);
  return {
    id: recovers ?? workflowId,
    saga,
    key,
    status: recovers === undefined ? 'running' : 'compensating',
    phase: 'compensable',
    version: 0,
    startedAt,
    closedAt: null,
    deadlineAt: within === null ? null : new Date(Date.parse(startedAt) + within).toISOString(),
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
