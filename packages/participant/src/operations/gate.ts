import type { PoolClient, QueryResult } from 'pg';

/** A connection as one transaction has it: what comes after the transaction's end is refused, and not sent on whoever has it next. */
export interface Gate {
  /** Stands for the connection; has the gate before its `query`. */
  readonly client: PoolClient;
  /** Whether the server still owes an answer. */
  readonly isBusy: () => boolean;
  readonly close: () => void;
}

export const openGate = (client: PoolClient): Gate => {
  let isOpen = true;
  let unanswered = 0;
  const ask = client.query.bind(client) as (...query: readonly unknown[]) => Promise<QueryResult>;
  const query = async (...given: readonly unknown[]): Promise<QueryResult> => {
    if (!isOpen) throw new Error('the transaction has ended: nothing can be done in it any more');
    unanswered += 1;
    try {
      return await ask(...given);
    } finally {
      unanswered -= 1;
    }
  };
  return {
    client: Object.create(client, { query: { value: query } }) as PoolClient,
    isBusy: () => unanswered > 0,
    close: () => {
      isOpen = false;
    },
  };
};
