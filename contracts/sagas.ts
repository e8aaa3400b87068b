import { z } from 'zod';
import { sagaContract } from './define.ts';
import { exampleOrder, Order } from './orders.ts';

export const fulfilOrder = sagaContract({
  input: Order,
  result: z.object({ trackingNumber: z.string() }),
  key: (order) => order.orderId,
  example: exampleOrder,
});
