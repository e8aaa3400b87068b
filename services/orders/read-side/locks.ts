// The first half of our two-part PostgreSQL advisory lock keys, so that they meet nobody else's in the same database.

/** Held shared by whoever writes the read side, exclusively by who changes its generations. */
export const GATE_LOCK = 0x0b0d_0001;
/** Second half: hash of the order's id. Held by whoever writes that order's rows, until the transaction ends. */
export const ORDER_LOCK = 0x0b0d_0002;
/** Held by the session that rebuilds, for as long as it does. */
export const REBUILD_LOCK = 0x0b0d_0003;
