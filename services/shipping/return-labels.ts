import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { ReturnLabel, shipping } from '../../contracts/shipping.ts';
import type { Refusing } from '@amends/participant';
import type { Database } from '@amends/participant/service';
import { returnLabels } from './schema.ts';
import { countryServed } from './served-country.ts';

/** Sends a customer a label to stick on a parcel. Refused `country-not-served`. */
export const sendReturnLabel = async (
  tx: Database,
  { orderId, shipFrom }: z.output<typeof shipping.actions.sendReturnLabel.input>,
  context: Refusing<'country-not-served'>,
): Promise<{ labelId: string }> => {
  const country = countryServed(shipFrom, context);
  const labelId = `l-${randomUUID()}`;
  await tx.insert(returnLabels).values({ labelId, orderId, state: 'sent', country, shipFrom });
  return { labelId };
};

/** Makes a label worthless; one that is voided stays so. */
export const voidLabel = async (tx: Database, labelId: string): Promise<void> => {
  await tx.update(returnLabels).set({ state: 'voided' }).where(eq(returnLabels.labelId, labelId));
};

/** The return labels of an order, oldest first. */
export const returnLabelsOf = async (db: Database, ofOrder: string): Promise<ReturnLabel[]> => {
  const { labelId, orderId, state, country, receivedAt, sentAt } = returnLabels;
  const rows = await db
    .select({ labelId, orderId, state, country, receivedAt })
    .from(returnLabels)
    .where(eq(orderId, ofOrder))
    .orderBy(sentAt, labelId);
  return rows.map((row) => ({ ...row, receivedAt: row.receivedAt?.toISOString() ?? null }));
};
