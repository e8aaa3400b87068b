import type { Pool } from 'pg';
import { EFFECTS } from '../invariants/effects.ts';
import type { Expected, Found } from './expected.ts';
import type { Subject } from './subjects.ts';

/** What is wrong after a trial, in words, judged from the service's tables. Both are empty when all is well. */
export interface Verdict {
  /** An effect that is there twice, or without its record. */
  readonly doubled: readonly string[];
  /** A record without its effect, an undo that did not take it back, or an answer that was given and is not recorded. */
  readonly lost: readonly string[];
}

export const judge = async (pool: Pool, { service, action }: Subject, expected: Expected): Promise<Verdict> => {
  const { key, saga, orderId, states, told, sealed, answers } = expected;
  const kind = EFFECTS.find((one) => one.service === service && one.action === action);
  if (kind === undefined) throw new Error(`nothing is known of the effect of ${action}`);
  const { rows: traces } = await pool.query<{ live: boolean }>(kind.traces, [orderId]);
  const { rows } = await pool.query<{ key: string; state: Found }>(
    'select key, state from saga_operations where saga = $1',
    [saga],
  );
  const { rowCount: seals } = await pool.query('select from saga_seals where saga = $1', [saga]);
  const state = rows.find((row) => row.key === key)?.state ?? 'absent';
  const live = traces.filter((trace) => trace.live).length;

  const doubled: string[] = [];
  const lost: string[] = [];
  if (traces.length > 1) doubled.push(`${action} left ${traces.length} effects`);
  if (traces.length > 0 && state !== 'done' && state !== 'undone') doubled.push(`${state}, and yet there is an effect`);
  if (state === 'done' && live === 0) lost.push('done, and there is no effect');
  if (state === 'undone' && live > 0) lost.push('undone, and the effect is in force');
  if (!states.includes(state)) lost.push(`${state}, not ${states.join(' or ')}`);
  if (told !== undefined && told !== state) lost.push(`${state}, and ${told} was told`);
  if (answers !== undefined && answers[0] !== answers[1]) lost.push(`${answers[0]} was answered, then ${answers[1]}`);
  if (sealed && seals !== 1) lost.push('the seal is not there');
  for (const other of rows) if (other.key !== key) doubled.push(`${other.key} is ${other.state} after the seal`);
  return { doubled, lost };
};
