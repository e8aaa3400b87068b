import { headers } from '@nats-io/transport-node';
import { jetstream } from '@nats-io/jetstream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEAD_LETTER_STREAM } from '../../packages/contracts/src/protocol/streams.ts';
import { judge } from './judge.ts';
import { type OwnShop, startOwnShop } from './own-shop.ts';
import { makePlan } from './plan.ts';
import { readWorld } from './read-world.ts';
import { soak, type SoakResult } from './soak.ts';

const EVENTS = 240;
const SEED = 1;
const START_MS = 180_000;
const SOAK_MS = 600_000;

let shop: OwnShop;
let result: SoakResult;

beforeAll(async () => {
  // those who kill it say what of it ended and runs again
  shop = await startOwnShop({ report: () => {} });
}, START_MS);
afterAll(() => shop?.close(), START_MS);

describe('a short soak', () => {
  it(
    'E2, E3, E4, E5: the broker and the API are killed in the middle of events that come twice, out of order, or are of no use: each has exactly its saga, or its dead letter, and there is nothing else',
    async () => {
      const plan = makePlan({ events: EVENTS, seed: SEED });
      const strikes = plan.strikes.filter(({ part }) => part === 'NATS' || part === 'api');
      result = await soak(shop, { ...plan, strikes }, { signal: new AbortController().signal });
      expect(result.violations).toEqual([]);
      expect(result.book.counts.sent).toBe(EVENTS);
      expect(result.strikes.map(({ part }) => part).toSorted()).toEqual(['NATS', 'api']);
      expect(result.book.letters.size).toBeGreaterThan(0);
      expect([...result.world.sagas.values()].filter(({ bornEarly }) => bornEarly).length).toBeGreaterThan(0);
    },
    SOAK_MS,
  );

  it(
    'its judge sees what has been spoiled since, and nothing else',
    async () => {
      const { book } = result;
      const [sequence, letter] = [...book.letters][0] ?? [];
      await addDeadLetter(999_999);
      await removeDeadLetter(sequence ?? 0);
      await shop.temporal.workflow.start('fulfilOrder', {
        workflowId: 'fulfilOrder:extra',
        taskQueue: 'nobody',
        args: [],
      });
      await shop.pools.orders.query(
        `insert into orders (order_id, content, customer_id, currency, total, ship_to, status, saga)
         values ('o-extra', '', '', 'EUR', 0, '{}', 'placed', '')`,
      );
      await shop.pools.inventory.query(`update stock set available = available - 1 where sku = 'soak-1'`);

      const violations = await untilSeen('fulfilOrder:extra', async () => judge(book, await readWorld(shop, null)));
      expect(violations.toSorted()).toEqual(
        [
          'dlq.invalid.soak of event 999999 is a dead letter too many',
          'fulfilOrder:extra is a saga too many',
          'order o-extra is placed and has no saga',
          'order o-extra is not shown',
          `${letter?.id} has no dead letter`,
          'soak-1: 999999 there, 1000000 were put on the shelf',
        ].toSorted(),
      );
    },
    START_MS,
  );
});

const addDeadLetter = async (sequence: number): Promise<void> => {
  const written = headers();
  written.set('Amends-Dead-Sequence', String(sequence));
  written.set('Amends-Dead-Reason', 'invalid');
  await jetstream(shop.nats).publish('dlq.invalid.soak', 'x', { headers: written });
};

const removeDeadLetter = async (sequence: number): Promise<void> => {
  const { jsm } = shop;
  const { state } = await jsm.streams.info(DEAD_LETTER_STREAM);
  for (let seq = state.first_seq; seq <= state.last_seq; seq += 1) {
    const message = await jsm.streams.getMessage(DEAD_LETTER_STREAM, { seq });
    if (Number(message?.header.get('Amends-Dead-Sequence')) === sequence) {
      await jsm.streams.deleteMessage(DEAD_LETTER_STREAM, seq);
    }
  }
};

/** Visibility tells of a saga a moment later. */
const untilSeen = async (saga: string, look: () => Promise<string[]>): Promise<string[]> => {
  for (let tries = 0; ; tries += 1) {
    const violations = await look();
    if (tries === 20 || violations.some((sentence) => sentence.startsWith(saga))) return violations;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
};
