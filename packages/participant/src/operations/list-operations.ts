import type { Pool, QueryResult } from 'pg';
import { page, problem, type Answer } from './answer.ts';
import { operationOf } from './operation.ts';
import type { OperationRow } from './operation-table.ts';
import type { Statement } from '../database/transaction.ts';

/** How many operations a page holds: some 60 kB. */
const PAGE_SIZE = 200;

/** Which page: the first without `cursor`, which only the page before gives. */
export interface ListRequest {
  readonly saga: string;
  readonly cursor?: string | undefined;
}

/** For people: what is known now of a saga; it decides nothing. */
export const listOperations = async (pool: Pool, request: ListRequest): Promise<Answer> => {
  const [operations, seal] = listStatements(request) ?? [];
  if (operations === undefined || seal === undefined) return problem('bad-request', { detail: WRONG_CURSOR });
  return page(listed(request.saga, await pool.query(operations), await pool.query(seal)));
};

/** For people: one operation. */
export const getOperation = async (pool: Pool, key: string): Promise<Answer> => {
  const { rows } = await pool.query<OperationRow>('select * from saga_operations where key = $1', [key]);
  return rows[0] === undefined ? problem('not-found') : page(operationOf(rows[0]));
};

export const WRONG_CURSOR = 'The cursor is none of this list';

/** The statements of a page: a row more than it holds, in the order of creation, and the seal. undefined: a wrong cursor. */
export const listStatements = ({ saga, cursor }: ListRequest): [Statement, Statement] | undefined => {
  const after = cursor === undefined ? '0' : positionOf(saga, cursor);
  if (after === undefined) return undefined;
  return [
    {
      text: 'select * from saga_operations where saga = $1 and position > $2 order by position limit $3',
      values: [saga, after, PAGE_SIZE + 1],
    },
    {
      text: `select exists (select from saga_seals where saga = $1) as sealed,
        exists (select from saga_operations where saga = $1) as known`,
      values: [saga],
    },
  ];
};

/** A page from the results of its statements. */
export const listed = (saga: string, operations: QueryResult | undefined, seal: QueryResult | undefined) => {
  const rows: OperationRow[] = operations?.rows ?? [];
  const shown = rows.slice(0, PAGE_SIZE);
  const last = shown.at(-1);
  return {
    saga,
    sealed: seal?.rows[0]?.sealed === true,
    items: shown.map((row) => operationOf(row)),
    next: rows.length > PAGE_SIZE && last !== undefined ? cursorOf(saga, last.position) : null,
  };
};

// bound to its saga, so that the cursor of another list is refused and not misread
const cursorOf = (saga: string, position: string): string => Buffer.from(`${position} ${saga}`).toString('base64url');

const positionOf = (saga: string, cursor: string): string | undefined => {
  const [position = '', of] = Buffer.from(cursor, 'base64url').toString().split(' ');
  return of === saga && /^\d{1,18}$/.test(position) ? position : undefined;
};
