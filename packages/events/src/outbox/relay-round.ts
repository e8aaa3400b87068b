import type { Pool } from 'pg';
import { whyReadOnly } from '../targets/check-writable.ts';
import type { Log } from '@amends/runtime/internal';
import type { CloudEvent } from '../edge/cloud-event.ts';
import { newEvent } from '../edge/new-event.ts';
import { SetUpWrong, type Target } from '../targets/target.ts';
import { bury } from './dead.ts';
import { deliverKeys, type Delivered } from './deliver-keys.ts';
import type { BackOff } from './key-back-off.ts';
import { type Row } from './row.ts';
import { claimOwed, isAnyOwed, settleOwed } from './owed.ts';

/** After this long a round begins no further delivery, so that what it has delivered is soon settled and its buckets free. */
const ROUND_MS = 5_000;
/** PostgreSQL ends the transaction of a relay that froze, and with it its ownership. More than a round and one delivery. */
const FROZEN_AFTER_MS = 30_000;

/** `busy`: look again at once; `idle`: nothing is there to do now; `outage`: nothing could be delivered. */
export type RoundOutcome = 'busy' | 'idle' | 'outage';

/**
 * One round of a relay for one target, in one transaction: owns what buckets it can get, delivers what they hold, one event in flight a
 * key and keys in parallel, and settles what the target has, or has finally refused. Ending anywhere repeats events, never loses or
 * disorders them.
 *
 * No row of a key can come before one we have seen: `enqueue` locks the key before the row takes its id. So no "id > last",
 * which would miss a smaller id that commits later.
 */
export const relayRound = async ({
  pool,
  target,
  targets,
  log,
  backOff,
  closing,
}: {
  pool: Pool;
  target: Target;
  targets: readonly Target[];
  log: Log;
  backOff: BackOff;
  closing: AbortSignal;
}): Promise<RoundOutcome> => {
  const owing = { target, targets, waiting: backOff.waiting() };
  const client = await pool.connect();
  let lost = false;
  const onError = () => (lost = true); // and with it the locks: another relay may be at the same keys
  client.on('error', onError);
  let broken = true;
  try {
    const [isOwed, readOnly] = await Promise.all([isAnyOwed(client, owing), whyReadOnly(client)]);
    // what is published from here could not be settled; and a poll must not keep such a session alive
    if (readOnly !== undefined) throw new Error(readOnly);
    if (!isOwed) {
      broken = false;
      return 'idle';
    }
    await client.query(
      `begin isolation level read committed; set local idle_in_transaction_session_timeout = ${FROZEN_AFTER_MS}`,
    );
    const rows = await claimOwed(client, owing);
    const deadline = Date.now() + ROUND_MS;
    const stores = new Map<string, string>();
    const delivered = await deliverKeys(rows, {
      deliver: async (row) => {
        const store = await target.deliver(eventOf(row), row.message_id);
        if (typeof store === 'string') stores.set(row.id, store);
      },
      goOn: () => !lost && !closing.aborted && Date.now() < deadline,
    });
    const { done, refused } = delivered;
    await bury(client, target, refused);
    await settleOwed(client, owing, [...done, ...refused.map(({ row }) => row)], stores);
    await client.query('commit');
    broken = false;
    tell(log, target, delivered);
    return judge(rows, delivered, backOff);
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
};

const judge = (
  rows: readonly Row[],
  { done, refused, failed, isOutage }: Delivered,
  backOff: BackOff,
): RoundOutcome => {
  if (rows.length === 0) return 'idle';
  for (const { key } of done) if (!failed.has(key)) backOff.succeeded(key);
  for (const [key, { afterMs }] of failed) backOff.failed(key, afterMs);
  if (isOutage) return 'outage';
  return done.length + refused.length > 0 ? 'busy' : 'idle';
};

/** One line a round, however many keys failed. */
const tell = (log: Log, { name: target }: Target, { refused, failed }: Delivered): void => {
  for (const { row, reason } of refused) {
    log.error(
      { target, reason, type: row.type, key: row.key, event: row.event_id },
      'an event is dead: it was finally refused',
    );
  }
  const [first] = failed;
  if (first === undefined) return;
  const [key, { row, error }] = first;
  const line = {
    why: error instanceof Error ? error.message : String(error),
    target,
    keys: failed.size,
    type: row.type,
    key,
    event: row.event_id,
  };
  const wrong = [...failed.values()].find((one) => one.error instanceof SetUpWrong);
  if (wrong === undefined) log.warn(line, 'events could not be delivered yet');
  else log.error({ ...line, why: (wrong.error as Error).message }, 'no event can be delivered: the set-up is wrong');
};

const eventOf = (row: Row): CloudEvent =>
  newEvent({
    id: row.event_id,
    type: row.type,
    source: row.source,
    subject: row.key,
    time: row.time.toISOString(),
    data: JSON.parse(row.data),
  });
