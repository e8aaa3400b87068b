/**
 * SQL of the kit's PostgreSQL advisory locks, each by a name that begins with `amends.`, so that they meet nobody else's in a service's
 * database.
 */
const lockNamed = (name: string): string => `hashtextextended('amends.${name}', 0)`;

/** Held while `migrateParticipant` runs. */
export const MIGRATION_LOCK = lockNamed('participant.migration');

/** Held by the process that purges. */
export const PURGE_LOCK = lockNamed('participant.purge');

/** Shared by the actions of a saga, exclusively for its seal; `saga` is SQL too. */
export const sagaLock = (saga: string): string => `hashtextextended('amends.seal:' || ${saga}, 0)`;
