import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { EVENTS_MAX_AGE_DAYS, Unavailable } from '@amends/contracts/internal';
import { sagaId } from '@amends/contracts';
import type { CancelRequest, EventMessage, SagaSignal, SagaStart } from '@amends/contracts/internal';
import type { Trigger } from '@amends/contracts';
import { startWithinOf, timesOf, type TimesTable } from '@amends/runtime/internal';
import type { KnownSagas, SagaTemporal } from '../known-sagas.ts';
import { EARLY_MEMO } from './begin-early.ts';
import { bounded, CALL_DEADLINE_MS } from '../bounded.ts';
import { listedMemo } from '../views/listed.ts';
import { startOptions, starts } from './start-saga.ts';

const EVENT = 'event' satisfies SagaSignal;
/** As long as the broker may still bring what starts the saga. */
const START_WITHIN_MS = EVENTS_MAX_AGE_DAYS * 24 * 60 * 60 * 1_000;

/** What came before what starts its saga. */
export type CameEarly = { readonly cancelled: CancelRequest } | { readonly event: EventMessage };

/**
 * Keeps a cancel or an event of a saga that is not there (E4): in a run of the saga's id that waits for what starts it, by `startWithin`
 * of AMENDS_TIMES. Durable when it resolves, without a worker.
 *
 * Of a saga that others start for their steps nothing is kept: it would be in the way of whoever starts it (decision 0020).
 *
 * @returns `kept`; `there`: a cancel that was not needed, since the saga has come to be meanwhile; `closed`: it has even ended
 * @throws Unavailable when Temporal did not answer, or nothing is kept of that saga: repeat it
 */
export const startEarly = async (
  client: SagaTemporal,
  {
    saga,
    key,
    trigger,
    times,
    ...came
  }: { saga: string; key: string; trigger: Trigger; times: TimesTable } & CameEarly,
): Promise<'kept' | 'there' | 'closed'> => {
  const id = sagaId(saga, key);
  if (isAnothersStep(client.sagas, saga)) throw new Unavailable(`there is no ${id} yet`);
  const start: SagaStart = {
    startedAt: new Date().toISOString(),
    trigger,
    times: timesOf(times, saga),
    early: { within: startWithinOf(times, saga) ?? START_WITHIN_MS },
    ...('cancelled' in came && { cancelled: came.cancelled }),
  };
  const { workflowIdConflictPolicy, ...options } = startOptions(id, key, start);
  const early = {
    ...options,
    args: [null, start] as const,
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    memo: { ...EARLY_MEMO, ...listedMemo(start) },
    staticSummary: `${key}, of which ${trigger.type ?? trigger.kind} came early`,
  } as const;
  return bounded(client, CALL_DEADLINE_MS, async () => {
    if ('cancelled' in came) {
      return (await starts(client, saga, { ...early, args: [...early.args], workflowIdConflictPolicy }))
        ? 'kept'
        : 'there';
    }
    try {
      // one that has come to be meanwhile is told
      await client.workflow.signalWithStart(saga, {
        ...early,
        args: [...early.args],
        signal: EVENT,
        signalArgs: [came.event],
      });
      return 'kept';
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return 'closed';
      throw error;
    }
  });
};

/** Whether another saga starts it, for a step or to undo one. */
export const isAnothersStep = ({ catalog }: Pick<KnownSagas, 'catalog'>, saga: string): boolean =>
  [...catalog.values()].some(({ steps }) =>
    steps.some((step) => step.saga !== null && (step.saga === saga || step.undo === saga)),
  );
