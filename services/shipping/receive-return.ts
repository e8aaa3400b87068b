import { eq, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import { events } from '../../contracts/events.ts';
import type { ReceiveReturn } from '../../contracts/shipping.ts';
import { announceFrom, fingerprint, inTransaction } from '@amends/participant/service';
import { returnLabels } from './schema.ts';

const announce = announceFrom(events, '/services/shipping');

/** `other-content`: the parcel has come already, with something else in it. */
export type ReturnCame =
  | { readonly outcome: 'received'; readonly orderId: string }
  | { readonly outcome: 'voided' | 'other-content' | 'unknown' };

/**
 * Notes that the parcel with that label has come and enqueues the event, both or neither, once however often it is said.
 *
 * @throws HTTPException 413 `too-large` when no event could carry it
 */
export const receiveReturn = (pool: Pool, labelId: string, received: ReceiveReturn): Promise<ReturnCame> =>
  inTransaction(pool, async (tx) => {
    const ofLabel = eq(returnLabels.labelId, labelId);
    const [label] = await tx.select().from(returnLabels).where(ofLabel).for('update');
    if (label === undefined) return { outcome: 'unknown' };
    const { orderId } = label;
    if (label.received !== null) {
      return fingerprint(label.received) === fingerprint(received)
        ? { outcome: 'received', orderId }
        : { outcome: 'other-content' };
    }
    if (label.state === 'voided') return { outcome: 'voided' };
    await tx
      .update(returnLabels)
      .set({ received, receivedAt: sql`now()` })
      .where(ofLabel);
    await announce(tx, orderId, { type: 'shop.return.received.v1', data: { orderId, ...received } });
    return { outcome: 'received', orderId };
  });
