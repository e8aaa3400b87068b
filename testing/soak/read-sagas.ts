import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { z } from 'zod';
import { inParallel } from '../../packages/amends/src/cli/in-parallel.ts';
import { fingerprint } from '../../packages/runtime/src/fingerprint.ts';
import { patiently } from '../../packages/testing/src/bench/patiently.ts';
import type { SagaFound } from './world.ts';

const AT_ONCE = 16;
const PAGE_SIZE = 500;
const CLOSE_EVENT = 2;
/** More than a return's saga has while it waits for a person. */
const SIGNALS_PAGE = 50;
/** What a Temporal Schedule starts to look for killed sagas; no saga. */
const SWEEP = 'sweepKilledSagas';
const WENT_ON = 'CONTINUED_AS_NEW';

/** Every saga that Temporal knows of, by visibility and by the first event of each history. */
export const readSagas = async (temporal: Client): Promise<ReadonlyMap<string, SagaFound>> => {
  const runs = new Map<string, WorkflowExecutionInfo[]>();
  for await (const run of temporal.workflow.list({ pageSize: PAGE_SIZE })) {
    if (run.type === SWEEP) continue;
    const others = runs.get(run.workflowId);
    if (others) others.push(run);
    else runs.set(run.workflowId, [run]);
  }
  const found = await inParallel([...runs], AT_ONCE, async ([id, all]) => [id, await sagaOf(temporal, all)] as const);
  return new Map(found);
};

const sagaOf = async (temporal: Client, runs: readonly WorkflowExecutionInfo[]): Promise<SagaFound> => {
  const starts = await Promise.all(runs.map((run) => beginningOf(temporal, run)));
  const at = runs.findIndex(({ status }) => status.name !== WENT_ON);
  const [last, start] = [runs[at] ?? runs[0], starts[at] ?? starts[0]];
  const input = start?.input;
  return {
    chains: new Set(starts.map(({ chain }) => chain)).size,
    bornEarly: starts.some((one) => one.input === null),
    end: last === undefined ? 'open' : await endOf(temporal, last),
    fingerprint: input === undefined || input === null ? null : fingerprint(input),
    told: starts.flatMap(({ told }) => told),
  };
};

const historyOf = async (
  temporal: Client,
  { workflowId, runId }: WorkflowExecutionInfo,
  ask: { readonly maximumPageSize: number; readonly historyEventFilterType?: number },
) => {
  const { namespace } = temporal.options;
  const { history } = await patiently(() =>
    temporal.workflowService.getWorkflowExecutionHistory({ namespace, execution: { workflowId, runId }, ...ask }),
  );
  return history?.events ?? [];
};

/** What began a run, and the ids of the events that it was told. */
const beginningOf = async (
  temporal: Client,
  run: WorkflowExecutionInfo,
): Promise<{ chain: string; input: unknown; told: readonly string[] }> => {
  const events = await historyOf(temporal, run, { maximumPageSize: isTold(run) ? SIGNALS_PAGE : 1 });
  const started = events[0]?.workflowExecutionStartedEventAttributes;
  const signals = events.map((event) => event.workflowExecutionSignaledEventAttributes);
  return {
    chain: started?.firstExecutionRunId ?? run.runId,
    input: valueOf(started?.input),
    told: signals.flatMap((signal) => Told.safeParse(valueOf(signal?.input)).data?.id ?? []),
  };
};

/** In the first of some payloads; null when there is none. */
const valueOf = (input: Payloads | null | undefined): unknown => {
  const [payload] = input?.payloads ?? [];
  return payload ? defaultPayloadConverter.fromPayload<unknown>(payload) : null;
};

interface Payloads {
  readonly payloads?: readonly Payload[] | null;
}

const Told = z.object({ id: z.string() });

const isTold = ({ type }: WorkflowExecutionInfo): boolean => type === 'returnOrder';

const endOf = async (temporal: Client, run: WorkflowExecutionInfo): Promise<SagaFound['end']> => {
  const { name } = run.status;
  if (name === 'RUNNING') return 'open';
  if (name === 'COMPLETED') return 'completed';
  if (name === 'CANCELLED') return 'cancelled';
  if (name !== 'FAILED') return 'killed';
  const [closed] = await historyOf(temporal, run, { maximumPageSize: 1, historyEventFilterType: CLOSE_EVENT });
  return closed?.workflowExecutionFailedEventAttributes?.failure?.applicationFailureInfo?.type === 'SagaCompensated'
    ? 'compensated'
    : 'killed';
};
