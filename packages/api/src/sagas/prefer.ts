const MAX_WAIT_SECONDS = 30;
const WAIT = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,9})"?\s*(?=$|[,;])/i;

/**
 * Seconds to wait for the end, by `Prefer: wait=N` (RFC 7240), at most 30; undefined when the header asks for none or is
 * malformed, which the RFC has us ignore.
 */
export const preferredWait = (prefer: string | undefined): number | undefined => {
  const [, seconds] = WAIT.exec(prefer ?? '') ?? [];
  return seconds === undefined ? undefined : Math.min(Number(seconds), MAX_WAIT_SECONDS);
};
