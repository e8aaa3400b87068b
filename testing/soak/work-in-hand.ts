import type { ConsumerInfo } from '@nats-io/jetstream';
import { EVENTS_STREAM } from '../../packages/contracts/src/protocol/streams.ts';
import type { OwnShop } from './own-shop.ts';

/** What is on its way at this moment, as the servers themselves say. */
export interface WorkInHand {
  /** Rows of the orders service's outbox, not published yet. */
  readonly outbox: () => Promise<number>;
  /** Events that the broker keeps for somebody: not given out yet, and given out and not acknowledged. */
  readonly broker: () => Promise<{ readonly waiting: number; readonly unacknowledged: number }>;
  /** The same, of those that start and cancel sagas. */
  readonly triggers: () => Promise<{ readonly waiting: number; readonly unacknowledged: number }>;
  /** Sagas of orders that have not ended; a return's waits for a person. */
  readonly orderSagas: () => Promise<number>;
}

const TRIGGERS = 'amends-triggers';
const ASK_MS = 5_000;

export const workInHand = ({ pools, jsm, temporal }: Pick<OwnShop, 'pools' | 'jsm' | 'temporal'>): WorkInHand => {
  const sumOf = (consumers: readonly ConsumerInfo[]) => ({
    waiting: consumers.reduce((sum, { num_pending: n }) => sum + n, 0),
    unacknowledged: consumers.reduce((sum, { num_ack_pending: n }) => sum + n, 0),
  });
  return {
    outbox: async () => {
      const { rows } = await pools.orders.query<{ count: number }>('select count(*)::int as count from outbox');
      return rows[0]?.count ?? 0;
    },
    broker: async () => {
      const consumers: ConsumerInfo[] = [];
      for await (const one of jsm.consumers.list(EVENTS_STREAM)) consumers.push(one);
      return sumOf(consumers);
    },
    triggers: async () => sumOf([await jsm.consumers.info(EVENTS_STREAM, TRIGGERS)]),
    orderSagas: async () =>
      temporal.withDeadline(Date.now() + ASK_MS, async () => {
        const { count } = await temporal.workflow.count(`ExecutionStatus = 'Running' AND WorkflowType = 'fulfilOrder'`);
        return count;
      }),
  };
};
