import type { Pool, PoolClient } from 'pg';

/** A database that does not answer this within so long is no use. */
const ANSWER_LIMIT_MS = 2_000;

const ASK = `select current_setting('transaction_read_only') = 'on' as "readOnly", pg_is_in_recovery() as "isStandby"`;

/**
 * Sorts more than its memory holds, so that some 500 kB go to a file beside the data, for a moment: where that has no space, a row has none.
 * It leaves nothing behind, in no table and no journal.
 */
const TAKE_SPACE = `begin read only; set local work_mem = '64kB'; select count(*) from generate_series(1, 30000); commit`;
const DISK_FULL = '53100';

/**
 * Whether a service can write: looks at a session of its own pool, the one that the next request would have. undefined when it can; else
 * the reason, in words. A session that cannot write, or does not answer, is thrown away: it stays so when the database has recovered.
 */
export const checkWritable = async (pool: Pool): Promise<string | undefined> => {
  let client: PoolClient;
  try {
    client = await pool.connect();
  } catch (error) {
    return outOfReach(error);
  }
  try {
    const reason = await withinLimit(whyReadOnly(client));
    if (reason === undefined) await withinLimit(client.query(TAKE_SPACE));
    client.release(reason !== undefined);
    return reason;
  } catch (error) {
    client.release(true);
    return (error as { code?: string }).code === DISK_FULL ? 'the disk of the database is full' : outOfReach(error);
  }
};

/** Of a session: undefined when it can write. */
export const whyReadOnly = async (client: Pick<PoolClient, 'query'>): Promise<string | undefined> => {
  const { rows } = await client.query<{ readOnly: boolean; isStandby: boolean }>(ASK);
  const [session] = rows;
  if (session?.readOnly !== true) return undefined;
  return session.isStandby ? 'the database is a standby, which is read-only' : 'the database is read-only';
};

const outOfReach = (error: unknown): string =>
  `the database is out of reach: ${error instanceof Error ? error.message : String(error)}`;

const withinLimit = async <T>(work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ANSWER_LIMIT_MS} ms`)), ANSWER_LIMIT_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};
