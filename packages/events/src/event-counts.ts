import { Counter, type Registry } from 'prom-client';
import { isEventType } from '../../../contracts/events.ts';
import type { Outcome } from '@amends/api/internal';
import type { TriggerRule } from '@amends/api/internal';
import { triggers } from '../../../api/triggers.ts';

/** Counts what became of an event that came, by whatever way; null: its type could not be read. Each delivery counts. */
export type CountEvent = (type: string | null, outcome: Outcome) => void;

/** What is of no known type; its own name may be anything. */
const OTHER = 'other';

/** Registers `amends_events_total`, by outcome and type. Late ones begin at 0, so that the first is seen as a change. */
export const countEvents = (metrics: Registry): CountEvent => {
  const counter = new Counter({
    name: 'amends_events_total',
    help: 'Events that came in over HTTP or from the broker, by what became of them; each delivery counts.',
    labelNames: ['outcome', 'type'],
    registers: [metrics],
  });
  for (const [type, { does }] of Object.entries<TriggerRule<never>>(triggers)) {
    if (does === 'cancel' || does === 'signal') counter.inc({ outcome: 'late', type }, 0);
  }
  return (type, outcome) => counter.inc({ outcome, type: type !== null && isEventType(type) ? type : OTHER });
};
