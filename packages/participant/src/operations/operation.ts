import type { Done } from '../contract.ts';
import { parseOperationKey } from '@amends/contracts/protocol';
import type { OperationRow } from './operation-table.ts';

/** An operation as everybody is told of it. `answer` only where it is asked for: settle on done or refused. */
export const operationOf = (row: OperationRow, answer: { status: number; body: unknown } | null = null) => {
  const { step, instance } = parseOperationKey(row.key) ?? { step: '', instance: null };
  return {
    key: row.key,
    saga: row.saga,
    step,
    instance,
    action: row.action,
    state: row.state,
    startedAt: row.started_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    answer,
  };
};

/** Whether its effect outside the database, or that of its undo, has no result yet. */
export const isOpen = ({ state }: OperationRow): boolean => state === 'pending' || state === 'undoing';

/** The stored answer of a done or refused operation. */
export const answerOf = (row: OperationRow): { status: number; body: string } => {
  if (row.status === null || row.body === null) throw new Error(`${row.key} is ${row.state} without an answer`);
  return { status: row.status, body: row.body };
};

/** What an undo is told of its action. */
export const doneOf = (row: OperationRow, correction?: unknown): Done<unknown, unknown> => ({
  input: JSON.parse(row.input ?? 'null') as unknown,
  answer: JSON.parse(answerOf(row).body) as unknown,
  memo: row.memo === null ? undefined : (JSON.parse(row.memo) as unknown),
  correction,
});
