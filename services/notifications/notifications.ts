import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { notifications as contract, Notification } from '../../contracts/notifications.ts';
import { isoOf, type Database } from '@amends/participant/service';
import { notifications } from './schema.ts';

/** Tells a customer something; it cannot be taken back. */
export const send = async (
  tx: Database,
  { facts = {}, ...message }: z.output<typeof contract.actions.send.input>,
): Promise<{ notificationId: string }> => {
  const notificationId = `n-${randomUUID()}`;
  await tx.insert(notifications).values({ ...message, notificationId, facts });
  return { notificationId };
};

/** What was told of an order, oldest first. */
export const notificationsOf = async (db: Database, ofOrder: string): Promise<z.infer<typeof Notification>[]> => {
  const { notificationId, orderId, template, sentAt } = notifications;
  const found = await db
    .select({ notificationId, orderId, template, sentAt })
    .from(notifications)
    .where(eq(orderId, ofOrder))
    .orderBy(sentAt, notificationId);
  return found.map((each) => ({ ...each, sentAt: isoOf(each.sentAt) }));
};
