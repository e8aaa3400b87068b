import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { DataOf, EventContracts, TypeIn } from '../edge/known-event.ts';
import type { NewEvent } from '../edge/new-event.ts';
import { KEY_LOCK } from './locks.ts';
import { BUCKETS } from './migrate.ts';
import type { Transaction } from './transaction.ts';

/** Below every broker's and receiver's default limit of 1 MiB, envelope included: what cannot be sent must not be promised. */
const MAX_DATA_BYTES = 1_000_000;

/**
 * Writes an event into the outbox, in the transaction of the change that it tells of: both are there, or neither.
 *
 * The event's key (`subject`) is locked until the transaction ends, before the row takes its id; so the ids of a key are in
 * commit order. Call it as late in the transaction as possible, and for several keys in sorted order. `tx` must be a
 * transaction, not a pool. Tell the relay (`wake`) after the commit, or it finds out within 200 ms.
 *
 * @param contracts which says what data that type has
 * @throws ZodError when the data is not of its type's schema; RangeError when it is too large to be sent
 */
export const enqueue = async <E extends EventContracts, T extends TypeIn<E>>(
  tx: Transaction,
  contracts: E,
  { type, source, subject, data, id = randomUUID(), time }: NewEvent<T, DataOf<E, T>>,
): Promise<void> => {
  const contract = contracts[type];
  if (contract === undefined) throw new TypeError(`no contract says what ${type} is`);
  const json = JSON.stringify(contract.data.parse(data));
  const bytes = Buffer.byteLength(json);
  if (bytes > MAX_DATA_BYTES) {
    throw new RangeError(`an event of ${type} has ${bytes} bytes of data; ${MAX_DATA_BYTES} can be sent`);
  }
  await tx.execute(sql`select pg_advisory_xact_lock(${KEY_LOCK}::int, hashtext(${subject}))`);
  await tx.execute(sql`
    insert into outbox (bucket, key, event_id, type, source, data, time)
    values (abs(hashtext(${subject})::bigint) % ${BUCKETS}::int, ${subject}, ${id}, ${type}, ${source}, ${json},
      coalesce(${time ?? null}::timestamptz, clock_timestamp()))`);
};
