import { NoConnection } from './take-connection.ts';

/** The SQLSTATE, or the system's code, of an error or of what caused it (drizzle wraps what pg throws). */
export const errorCode = (error: unknown): string | undefined => {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return undefined;
};

const LOCK_NOT_AVAILABLE = '55P03';
const QUERY_CANCELED = '57014';
const CONFLICTS: readonly string[] = ['40001', '40P01'];

/** Two transactions were in each other's way, and this one was rolled back: it is worth running again at once. */
export const isConflict = (error: unknown): boolean => CONFLICTS.includes(errorCode(error) ?? '');

/** A lock was waited for as long as it may be. */
export const isLockTimeout = (error: unknown): boolean => errorCode(error) === LOCK_NOT_AVAILABLE;

/** A lock or a statement took too long: somebody else is in the way. */
export const isBusy = (error: unknown): boolean => isLockTimeout(error) || errorCode(error) === QUERY_CANCELED;

const READ_ONLY = '25006';

/**
 * The session may not write: that of a standby, or of a server that was left behind by a failover. It stays so for as long as the session
 * does, also when the database has become writable since; so whoever has the connection throws it away.
 */
export const cannotWrite = (error: unknown): boolean => errorCode(error) === READ_ONLY;

/** SQLSTATE classes and codes of a server that cannot serve now: connection, log-in, resources, operator, idle in transaction, I/O. */
const AWAY =
  /^(08...|28...|3D000|53...|57P0.|58...|25P03|25P04|ECONN.*|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH)$/;
/** pg says these without a code. */
const AWAY_MESSAGE =
  /^(Connection terminated|Client (has encountered a connection error|was closed)|timeout exceeded when)/;

/** The database is out of reach or cannot be written, or the connection to it broke. */
export const isAway = (error: unknown): boolean => {
  if (cannotWrite(error)) return true;
  const code = errorCode(error);
  if (code !== undefined && AWAY.test(code)) return true;
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    if (at instanceof NoConnection || (code === undefined && AWAY_MESSAGE.test(at.message))) return true;
  }
  return false;
};
