// The first half of our two-part PostgreSQL advisory lock keys, so that they meet nobody else's in the same database.

/** Held while `migrateOutbox` runs. */
export const MIGRATION_LOCK = 0x0b0c_0001;
/** Second half: hash of the event's key. Held by a transaction from `enqueue` to its end. */
export const KEY_LOCK = 0x0b0c_0002;
/** Second half: the bucket. Held by the relay that works on it. */
export const BUCKET_LOCK = 0x0b0c_0003;
