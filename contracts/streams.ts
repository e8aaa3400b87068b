/** JetStream names, shared by whoever publishes and whoever listens (design section 5). */
export const EVENTS_STREAM = 'AMENDS_EVENTS';
export const DEAD_LETTER_STREAM = 'AMENDS_DLQ';

/** The subject an event of that type is published to. */
export const eventSubject = (type: string): string => `events.${type}`;

/** The subject of a dead letter. */
export const deadLetterSubject = (reason: DeadLetterReason, type: string): string => `dlq.${reason}.${type}`;

export type DeadLetterReason =
  | 'not-cloudevent'
  | 'unknown-type'
  | 'invalid'
  | 'too-large'
  | 'too-old'
  | 'conflict'
  | 'crashing';
