import type { DeadLetterReason } from '../dead-letter-reason.ts';

/** JetStream names, shared by whoever publishes and whoever listens (design section 5). */
export const EVENTS_STREAM = 'AMENDS_EVENTS';
export const DEAD_LETTER_STREAM = 'AMENDS_DLQ';
/** Events that came too late for their saga (E4). */
export const LATE_STREAM = 'AMENDS_LATE';

/** The subject an event of that type is published to. */
export const eventSubject = (type: string): string => `events.${type}`;

/** The subject of a dead letter. */
export const deadLetterSubject = (reason: DeadLetterReason, type: string): string => `dlq.${reason}.${type}`;

/** The subject of an event that came too late. */
export const lateSubject = (type: string): string => `amends.late.${type}`;
