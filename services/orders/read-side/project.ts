import type { Database } from '@amends/participant/service';
import { addFacts } from './add-facts.ts';
import { factOf, type HeardEvent } from './fact-of.ts';

/**
 * Lets the read side hear an event, in the transaction of what it tells of. Again, or before another that came earlier, makes no
 * difference to the rows.
 */
export const project = async (tx: Database, event: HeardEvent): Promise<void> => {
  const fact = factOf(event);
  if (fact) await addFacts(tx, [fact]);
};
