import { z } from 'zod';
import { action, participant, words } from '@amends/contracts';
import { GivenKey } from './values.ts';

export const Template = z.enum(['order-confirmed', 'return-refunded']);

export const notifications = participant({
  send: action({
    route: 'POST /notifications',
    input: z.object({
      orderId: GivenKey,
      customerId: words(128),
      template: Template,
      facts: z.record(z.string(), z.string()).optional(),
    }),
    output: z.object({ notificationId: z.string() }),
    example: {
      input: { orderId: 'o-1', customerId: 'c-1', template: 'order-confirmed' },
      output: { notificationId: 'n-1' },
    },
  }),
});

/** `GET /notifications?orderId=`; `sentAt` RFC 3339. */
export const Notification = z.object({
  notificationId: z.string(),
  orderId: GivenKey,
  template: Template,
  sentAt: z.string(),
});
