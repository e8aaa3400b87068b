import type { SQL } from 'drizzle-orm';

/** What the outbox needs of a drizzle-orm (node-postgres) transaction: any schema will do. */
export interface Transaction {
  execute(query: SQL): PromiseLike<unknown>;
}
