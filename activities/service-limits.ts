import type * as contracts from '../contracts/services.ts';

/** What a service is spared. The fast lane is no part of it: there the sagas' own slots and the service's breaker are the bound. */
export interface ServiceLimit {
  /** Durable attempts a second from all workers together: the server holds it, at the service's task queue. */
  readonly callsPerSecond: number;
  /** Durable attempts in flight from one worker process: what a slow service can keep waiting, the others do not notice. */
  readonly callsAtOnce: number;
}

/** More than a service of one process does in a second: it bounds a storm of retries, not the daily work. */
const USUAL: ServiceLimit = { callsPerSecond: 200, callsAtOnce: 50 };

/** Every worker must say the same numbers: the server goes by what it heard last. */
const limits: Readonly<Record<string, ServiceLimit>> = {
  orders: USUAL,
  inventory: USUAL,
  // behind it stands a card provider that counts requests, and a hold is worth waiting for
  payments: { callsPerSecond: 100, callsAtOnce: 50 },
  shipping: USUAL,
  // mails go out past the point of no return: nobody waits for one, and whoever sends them for us takes a flood for spam
  notifications: { callsPerSecond: 50, callsAtOnce: 20 },
} satisfies Record<keyof typeof contracts, ServiceLimit>;

/** A service that the table does not name is taken for a usual one. */
export const limitOf = (service: string): ServiceLimit => limits[service] ?? USUAL;
