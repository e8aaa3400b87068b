import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether an `Authorization` header carries the token; takes as long for any wrong one. */
export const carriesToken = (header: string | undefined, token: string): boolean => {
  const [, given] = /^Bearer +([^\s]+) *$/i.exec(header ?? '') ?? [];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
};

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
