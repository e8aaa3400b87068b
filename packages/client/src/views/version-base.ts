import type { WorkflowExecutionDescription } from '@temporalio/client';
import { recoveredBy } from '@amends/contracts/internal';

/** Each millisecond of a run's start is worth more changes than a run makes in one; numbers stay exact for two centuries. */
const CHANGES_PER_MS = 1_000;
const EPOCH_MS = Date.UTC(2020, 0, 1);

const baseAt = (startMs: number): number => Math.max(0, startMs - EPOCH_MS) * CHANGES_PER_MS;

/** In the memo of a saga that begins where a run of its id has been shown before. */
export const versionMemo = (): { readonly versionFrom: number } => ({ versionFrom: baseAt(Date.now()) });

/**
 * Where the versions of a run begin, beyond all that the runs before it may have shown: a run counts its own changes, and a reset goes back in
 * them. Zero of the first run of its id; of any later one (reset, continued as new, recovery) by the server's time of its start.
 */
export const versionBase = ({ workflowId, runId, startTime, memo, raw }: WorkflowExecutionDescription): number => {
  const isFirst = recoveredBy(workflowId) === undefined && raw.workflowExecutionInfo?.firstRunId === runId;
  const from = memo?.['versionFrom'];
  return Math.max(typeof from === 'number' ? from : 0, isFirst ? 0 : baseAt(startTime.getTime()));
};
