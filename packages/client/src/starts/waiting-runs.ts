import type { SagaTemporal } from '../known-sagas.ts';
import { EARLY_MEMO } from './begin-early.ts';
import { bounded, CALL_DEADLINE_MS } from '../bounded.ts';
import { oneOf } from '../views/saga-filter.ts';

/** How many runs may wait for what starts their saga. Each costs memory, and stands in every list. */
const MOST_WAITING_RUNS = 1_000;

const COUNTED_FOR_MS = 5_000;
const PAGE = 1_000;
/** A look reads no more than this of the open sagas, newest first. */
const PAGES = 20;

/** Runs that hold an early event (E4), counted, so that a flood of them is held back at the door. */
export interface WaitingRuns {
  /** Whether one more may wait; then it counts. @throws Unavailable */
  readonly admit: () => Promise<boolean>;
  /** As far as known. */
  readonly count: () => number;
  readonly most: number;
}

/** Counts them in Temporal's index at most every 5 s, and only when one more is to be made: several processes may go a little over. */
export const countWaitingRuns = (client: SagaTemporal, most = MOST_WAITING_RUNS): WaitingRuns => {
  let count = 0;
  let countedAt = 0;
  let counting: Promise<void> | undefined;
  const recount = async (): Promise<void> => {
    count = await waitingRuns(client, most);
    countedAt = Date.now();
  };
  return {
    admit: async () => {
      if (Date.now() - countedAt > COUNTED_FOR_MS) {
        counting ??= recount().finally(() => {
          counting = undefined;
        });
        await counting;
      }
      if (count >= most) return false;
      count += 1;
      return true;
    },
    count: () => count,
    most,
  };
};

const waitingRuns = async (client: SagaTemporal, most: number): Promise<number> => {
  const { payloadConverter } = client.options.loadedDataConverter;
  const query = `${oneOf('WorkflowType', [...client.sagas.catalog.keys()])} AND ExecutionStatus = 'Running' AND SagaStatus = 'running'`;
  let count = 0;
  let token: Uint8Array | undefined;
  for (let pages = 0; pages < PAGES; pages += 1) {
    const page = await bounded(client, CALL_DEADLINE_MS, () =>
      client.workflowService.listWorkflowExecutions({
        namespace: client.options.namespace,
        query,
        pageSize: PAGE,
        ...(token && { nextPageToken: token }),
      }),
    );
    for (const { memo } of page.executions) {
      const early = memo?.fields?.['early'];
      if (early && payloadConverter.fromPayload<unknown>(early) === EARLY_MEMO.early) count += 1;
    }
    token = page.nextPageToken ?? undefined;
    if (count >= most || !token?.length) break;
  }
  return count;
};
