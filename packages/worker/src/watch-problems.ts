import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Log, Running } from '@amends/runtime/internal';

const EVERY_MS = 60_000;
const NAMED_AT_MOST = 10;

/** Sagas whose workflow task Temporal repeats in vain: changed code that does not fit their history, or a payload too large. */
const STUCK = "ExecutionStatus = 'Running' AND TemporalReportedProblems IS NOT NULL";

/** The ids of sagas that Temporal reports as stuck, ten at most. */
export const stuckSagas = async (client: Client): Promise<{ id: string; problems: unknown }[]> => {
  const stuck = [];
  for await (const { workflowId, searchAttributes } of client.workflow.list({
    query: STUCK,
    pageSize: NAMED_AT_MOST,
  })) {
    stuck.push({ id: workflowId, problems: searchAttributes['TemporalReportedProblems'] });
    if (stuck.length === NAMED_AT_MOST) break;
  }
  return stuck;
};

/** Says every minute, as an error, which sagas are stuck: no code of a saga can say so itself (S3). */
export const watchProblems = (client: Client, log: Log, everyMs = EVERY_MS): Running => {
  const closing = new AbortController();
  const watch = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      try {
        for (const saga of await stuckSagas(client)) {
          log.error(saga, 'a saga is stuck: its workflow task fails again and again');
        }
      } catch (error) {
        log.warn({ err: error }, 'cannot ask Temporal for stuck sagas');
      }
      await pause(everyMs, undefined, { signal: closing.signal }).catch(() => {});
    }
  };
  const watching = watch();
  return {
    close: async () => {
      closing.abort();
      await watching;
    },
  };
};
