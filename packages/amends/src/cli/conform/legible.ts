/** What a terminal obeys instead of showing: control characters, and what turns the direction of writing or cannot be seen. */
const NOT_SHOWN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * A line of what somebody else has said, with what a terminal would obey written out as JSON does (an escape character as `\u001b`): a
 * service under test is not trusted. Of JSON it leaves the value as it is.
 */
export const legible = (line: string): string =>
  line.replaceAll(NOT_SHOWN, (one) =>
    Array.from({ length: one.length }, (_, at) => `\\u${one.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
