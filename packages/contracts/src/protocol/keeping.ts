// How long who remembers what, each longer than the next (P11, E2): whatever the broker still delivers, Temporal still knows as a
// repeat, and whatever Temporal still runs or shows, a participant can still undo.

/** Operations at a participant, from their saga's start on. */
export const PURGE_LIMIT_DAYS = 90;

/** A closed saga at Temporal; an installation may keep it longer, but below the purge limit. */
export const RETENTION_DAYS = 30;

/** An event that nobody has taken, at the broker. */
export const EVENTS_MAX_AGE_DAYS = 7;

/** An event that came too late for its saga, at the broker: as long as the saga itself can be looked at. */
export const LATE_MAX_AGE_DAYS = 30;

/** How often killed sagas are looked for, unless AMENDS_TIMES says otherwise. */
export const SWEEP_EVERY_MS = 60_000;
