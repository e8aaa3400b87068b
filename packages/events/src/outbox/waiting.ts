import type { Pool } from 'pg';
import type { EventContracts, TypeIn } from '../edge/known-event.ts';
import type { TimedEventOf } from '../broker/read-events.ts';

interface Row {
  readonly event_id: string;
  readonly type: string;
  readonly source: string;
  readonly key: string;
  readonly data: string;
  readonly time: Date;
}

/** The events of those types that have been promised, and that nobody has been told of yet, as far as they are committed now. */
export const waitingEvents = async <E extends EventContracts, T extends TypeIn<E>>(
  pool: Pool,
  types: readonly T[],
): Promise<readonly TimedEventOf<E, T>[]> => {
  const { rows } = await pool.query<Row>(
    'select event_id, type, source, key, data, time from outbox where type = any($1) order by id',
    [types],
  );
  // parsed by its contract when it was put there
  return rows.map(({ event_id: id, type, source, key, data, time }) => ({
    type,
    id,
    source,
    subject: key,
    data: JSON.parse(data) as unknown,
    time: time.toISOString(),
  })) as unknown as readonly TimedEventOf<E, T>[];
};
