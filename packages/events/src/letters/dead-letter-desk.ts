import { errors } from '@nats-io/transport-node';
import { PayloadTooLarge, Unavailable } from '@amends/contracts/internal';
import type { DeadLetter } from '@amends/contracts/internal';
import type { Log } from '@amends/runtime/internal';
import type { Broker } from '../broker/broker.ts';
import type { BrokerConnection } from '../broker/connect-broker.ts';
import { listDeadLetters, type PageOfLetters } from './list-dead-letters.ts';
import { redrive, type RedriveAnswer, removeLetter } from './redrive.ts';

const BROKER_WAIT_MS = 2_000;

/** What an operator can do about dead letters. All reject with `Unavailable` while the broker is away, within seconds. */
export interface DeadLetterDesk {
  readonly list: (page: PageOfLetters) => Promise<{ items: DeadLetter[]; next: number | null }>;
  /** @returns whether there was such a letter */
  readonly remove: (id: number, by: { actor: string }) => Promise<boolean>;
  /** @throws PayloadTooLarge when the broker's limit leaves no room for it any more */
  readonly redrive: (id: number, by: { actor: string; reason: string }) => Promise<RedriveAnswer>;
}

export const openDeadLetterDesk = (connection: Pick<BrokerConnection, 'use'>, log: Log): DeadLetterDesk => {
  const withBroker = async <T>(work: (broker: Broker) => Promise<T>): Promise<T> => {
    try {
      return await work(await connection.use(BROKER_WAIT_MS));
    } catch (error) {
      throw answerable(error);
    }
  };
  return {
    list: (page) => withBroker((broker) => listDeadLetters(broker, page)),
    remove: async (id, by) => {
      const removed = await withBroker((broker) => removeLetter(broker, id));
      if (removed) log.warn({ ...by, letter: id }, 'a dead letter was given up');
      return removed;
    },
    redrive: async (id, by) => {
      const answer = await withBroker((broker) => redrive(broker, id));
      if (typeof answer === 'object') log.info({ ...by, letter: answer }, 'a dead letter was re-driven');
      return answer;
    },
  };
};

/** Without a broker there are none: whoever sends an event over HTTP is told instead (E8). */
export const noDeadLetters: DeadLetterDesk = {
  list: async () => ({ items: [], next: null }),
  remove: async () => false,
  redrive: async () => 'unknown',
};

const answerable = (error: unknown): unknown => {
  if (error instanceof errors.InvalidArgumentError) {
    return new PayloadTooLarge('the event is larger than what the broker takes');
  }
  if (error instanceof PayloadTooLarge || error instanceof TypeError || !(error instanceof Error)) return error;
  return new Unavailable(`the dead letters cannot be reached: ${error.message}`, { cause: error });
};
