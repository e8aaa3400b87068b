/**
 * How many arrays and objects may lie in each other in JSON that comes from outside. What walks it afterwards (schemas, canonical form,
 * the caller's own code) calls itself once a level, and some thousand levels overflow the stack.
 */
export const MAX_DEPTH = 100;

/** Nothing that anybody sends us has a list as long; looking into such a one would cost more than answering all others. */
const ENTRIES_MAX = 10_000;

/** Why a value that comes from outside is refused before a schema looks into it; undefined when it is not. */
export const tooMuch = (json: unknown): string | undefined => {
  let depth = 1;
  for (let level = [json]; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return `is over ${MAX_DEPTH} levels deep`;
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      const entries: unknown[] = Object.values(value);
      if (entries.length > ENTRIES_MAX) return `has a list of more than ${ENTRIES_MAX} entries`;
      for (const entry of entries) if (typeof entry === 'object' && entry !== null) next.push(entry);
    }
    level = next;
  }
  return undefined;
};

/** The JSON lies deeper than it may; the message completes "the body …". */
export class TooDeep extends Error {
  override readonly name = 'TooDeep';
}

/**
 * JSON that comes from outside, as a value.
 *
 * @throws SyntaxError when it is none; TooDeep when it has more than `MAX_DEPTH` levels
 */
export const parseJson = (text: string): unknown => {
  if (isTooDeep(text)) throw new TooDeep(`is over ${MAX_DEPTH} levels deep`);
  return JSON.parse(text) as unknown;
};

// UTF-16 code units of JSON's own characters
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Looks at the text, so that no value is made of what is refused; of text that is no JSON it may say either. */
const isTooDeep = (text: string): boolean => {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      depth += 1;
      if (depth > MAX_DEPTH) return true;
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth -= 1;
  }
  return false;
};
