import type { z } from 'zod';
import { events, isEventType } from '../contracts/events.ts';
import type { DeadLetterReason } from '../contracts/streams.ts';
import type { KnownEvent } from './known-event.ts';
import type { ParsedEvent } from './parse-event.ts';

/** What is wrong with an event, where in it: `{path: 'data.lines.0.quantity', message}`. */
export interface EventIssue {
  readonly path: string;
  readonly message: string;
}

/** An event that can be used, or why it never can. `id` and `type` as far as they could be read. */
export type Classified =
  | { readonly usable: true; readonly event: KnownEvent }
  | {
      readonly usable: false;
      readonly reason: Extract<DeadLetterReason, 'not-cloudevent' | 'unknown-type' | 'invalid'>;
      readonly id: string | null;
      readonly detail: string;
      readonly issues: readonly EventIssue[];
    };

/** Tells what can be used: of a type in the contracts, with data of its schema. */
export const classify = (parsed: ParsedEvent): Classified => {
  if (!parsed.event) {
    return { usable: false, reason: 'not-cloudevent', id: null, detail: parsed.why, issues: [] };
  }
  const { id, type, source, subject, data } = parsed.event;
  if (!isEventType(type)) {
    const detail = `nobody here knows events of type ${type}`;
    return { usable: false, reason: 'unknown-type', id, detail, issues: [{ path: 'type', message: detail }] };
  }
  const checked = events[type].safeParse(data);
  if (!checked.success) {
    const issues = checked.error.issues.map(dataIssue);
    const detail = issues.map(({ path, message }) => `${path}: ${message}`).join('; ');
    return { usable: false, reason: 'invalid', id, detail, issues };
  }
  const event = { type, id, source, subject: subject ?? null, data: checked.data } as KnownEvent;
  return { usable: true, event };
};

const dataIssue = ({ path, message }: z.core.$ZodIssue): EventIssue => ({ path: ['data', ...path].join('.'), message });
