/**
 * Characters that make a text show as something else than it is: control characters (line breaks too), line and paragraph separators, the
 * marks that turn the writing direction, a byte order mark, and half of a surrogate pair.
 */
const NOT_PLAIN = /[\p{Cc}\p{Cs}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/u;

/** Whether a text shows as what it is, in a terminal, a log and a page. */
export const isPlain = (text: string): boolean => !NOT_PLAIN.test(text);

export const PLAIN = 'must not hold control or bidirectional characters';
