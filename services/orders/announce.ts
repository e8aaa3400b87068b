import { announceFrom } from '../announce.ts';
import { EVENT_SOURCE } from './event-source.ts';

/** Enqueues an event of an order, in the transaction of what it tells of. @throws HTTPException 413 `too-large` when none could carry it */
export const announce = announceFrom(EVENT_SOURCE);
