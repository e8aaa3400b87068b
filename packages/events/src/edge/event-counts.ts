import { Counter, type Registry } from 'prom-client';
import type { Outcome } from './dispatch.ts';
import type { EventContracts } from './known-event.ts';

/** Counts what became of an event that came, by whatever way; null: its type could not be read. Each delivery counts. */
export type CountEvent = (type: string | null, outcome: Outcome) => void;

/** What is of no known type; its own name may be anything. */
const OTHER = 'other';

/**
 * Registers `amends_events_total`, by outcome and type.
 *
 * @param late the types that may come late: their count begins at 0, so that the first is seen as a change
 */
export const countEvents = (
  metrics: Registry,
  { contracts, late }: { readonly contracts: EventContracts; readonly late: readonly string[] },
): CountEvent => {
  const counter = new Counter({
    name: 'amends_events_total',
    help: 'Events that came in over HTTP or from the broker, by what became of them; each delivery counts.',
    labelNames: ['outcome', 'type'],
    registers: [metrics],
  });
  for (const type of late) counter.inc({ outcome: 'late', type }, 0);
  return (type, outcome) =>
    counter.inc({ outcome, type: type !== null && Object.hasOwn(contracts, type) ? type : OTHER });
};
