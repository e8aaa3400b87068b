import type { Pool } from 'pg';
import type { EventType } from '../../../../contracts/events.ts';
import type { TimedEvent } from '../read-events.ts';

interface Row {
  readonly event_id: string;
  readonly type: EventType;
  readonly source: string;
  readonly key: string;
  readonly data: string;
  readonly time: Date;
}

/** The events of those types that have been promised, and that nobody has been told of yet, as far as they are committed now. */
export const waitingEvents = async (pool: Pool, types: readonly EventType[]): Promise<readonly TimedEvent[]> => {
  const { rows } = await pool.query<Row>(
    'select event_id, type, source, key, data, time from outbox where type = any($1) order by id',
    [types],
  );
  return rows.map(({ event_id: id, type, source, key, data, time }) => ({
    type,
    id,
    source,
    subject: key,
    data: JSON.parse(data),
    time: time.toISOString(),
  }));
};
