import { check, index, json, pgTable, text } from 'drizzle-orm/pg-core';
import { Template } from '../../contracts/notifications.ts';
import { instant, oneOf, word } from '@amends/participant/columns';

/** What customers have been told. */
export const notifications = pgTable(
  'notifications',
  {
    notificationId: text('notification_id').primaryKey(),
    orderId: text('order_id').notNull(),
    customerId: text('customer_id').notNull(),
    template: word('template', Template.options).notNull(),
    facts: json('facts').$type<Readonly<Record<string, string>>>().notNull(),
    sentAt: instant('sent_at').notNull().defaultNow(),
  },
  (table) => [
    index('notifications_of_order').on(table.orderId, table.sentAt),
    check('template_is_known', oneOf(table.template, Template.options)),
  ],
);
