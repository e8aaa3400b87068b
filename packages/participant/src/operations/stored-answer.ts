import { problemText } from './answer.ts';
import type { ActionContract } from '../contract.ts';
import { REFUSED_STATUS } from '@amends/contracts/protocol';
import type { Refusal } from '../refusal.ts';
import type { Statement } from '../database/transaction.ts';

/** An action's answer as its row keeps it. */
export interface StoredAnswer {
  readonly state: 'done' | 'refused';
  readonly status: number;
  readonly body: string;
}

/** @throws ZodError when the handler breaks its contract */
export const doneAnswer = (contract: ActionContract, output: unknown): StoredAnswer => ({
  state: 'done',
  status: 200,
  body: JSON.stringify(contract.output.parse(output)) ?? 'null',
});

/** @throws Error when the contract does not know the refusal */
export const refusedAnswer = (contract: ActionContract, refusal: Refusal): StoredAnswer => {
  const { code, message: detail } = refusal;
  const known = contract.refusals[code];
  if (known === undefined) throw new Error(`the contract knows no refusal '${code}'`, { cause: refusal });
  const kind = { status: REFUSED_STATUS, title: known.when };
  return { state: 'refused', status: REFUSED_STATUS, body: problemText(`refused:${code}`, kind, { detail }) };
};

/** Stores it; nobody holds the row any more. */
export const recordAnswer = (key: string, { state, status, body }: StoredAnswer, memo: string | null): Statement => ({
  text: `update saga_operations set state = $2, status = $3, body = $4, memo = $5, ended_at = clock_timestamp(),
    token = null, lease_until = null where key = $1 returning *`,
  values: [key, state, status, body, memo],
});

/** What a handler keeps for its undo. */
export const memoKeeper = (): { readonly keep: (memo: unknown) => void; readonly kept: () => string | null } => {
  let memo: string | null = null;
  return {
    keep: (value) => {
      memo = JSON.stringify(value) ?? null;
    },
    kept: () => memo,
  };
};
