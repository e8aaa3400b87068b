import { randomUUID } from 'node:crypto';
import type { EventMessage } from '@amends/contracts/internal';

/** The signal with which a saga is told of an event. */
export const eventMessage = (type: string, data: unknown, id: string = randomUUID()): EventMessage => {
  const source = '/test';
  return { id, source, type, data, event: { event: { specversion: '1.0', id, source, type, data }, at: null } };
};
