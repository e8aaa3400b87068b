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

/** SQLSTATE classes and codes of a server that cannot serve now: connection, resources, operator, idle in transaction, I/O. */
const AWAY = /^(08...|53...|57P0.|58...|25P03|25P04|ECONN.*|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH)$/;
/** pg says these without a code. */
const AWAY_MESSAGE =
  /^(Connection terminated|Client (has encountered a connection error|was closed)|timeout exceeded when)/;

/** The database is out of reach, or the connection to it broke. */
export const isAway = (error: unknown): boolean => {
  const code = errorCode(error);
  if (code !== undefined) return AWAY.test(code);
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    if (AWAY_MESSAGE.test(at.message)) return true;
  }
  return false;
};
