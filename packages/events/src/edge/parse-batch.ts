import { parseJson, parseStructured, type ParsedEvent } from './parse-event.ts';

/** The events of a batch that is JSON; or why it is none, or how many are too many. */
export type ParsedBatch =
  | { readonly events: readonly ParsedEvent[] }
  | { readonly events?: never; readonly why: string; readonly fault: 'not-json' | 'not-cloudevent' | 'too-large' };

const WHITE = /^[ \t\n\r]*$/;

/** A batch of the JSON format, `max` events at most; more are refused before any of them is looked at. */
export const parseBatch = (text: string, max: number): ParsedBatch => {
  const items = itemsOf(text, max);
  if (items === 'too-many') return { fault: 'too-large', why: `a batch holds more than ${max} events` };
  if (items === 'no-array') {
    const json = parseJson(text);
    return 'why' in json
      ? { fault: 'not-json', why: json.why }
      : { fault: 'not-cloudevent', why: 'a batch is a JSON array' };
  }
  const events = items.map(parseStructured);
  const broken = events.find((one) => one.event === undefined && one.notJson);
  return broken?.event === undefined && broken !== undefined ? { fault: 'not-json', why: broken.why } : { events };
};

/**
 * Cuts a JSON array into the texts of its items, so that each stays as it was sent. It counts brackets alone: an item that is no JSON is
 * found when it is parsed.
 */
const itemsOf = (text: string, max: number): string[] | 'too-many' | 'no-array' => {
  const begin = text.indexOf('[');
  if (begin < 0 || !WHITE.test(text.slice(0, begin))) return 'no-array';
  const items: string[] = [];
  let depth = 1;
  let from = begin + 1;
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') at = endOfString(text, at);
    else if (char === '{' || char === '[') depth += 1;
    else if (char === ',' && depth === 1) {
      items.push(text.slice(from, at).trim());
      if (items.length === max) return 'too-many';
      from = at + 1;
    } else if (char === '}' || char === ']') {
      depth -= 1;
      if (depth > 0) continue;
      if (char === '}' || !WHITE.test(text.slice(at + 1))) return 'no-array';
      const last = text.slice(from, at).trim();
      return last === '' && items.length === 0 ? [] : [...items, last];
    }
  }
  return 'no-array';
};

const endOfString = (text: string, quote: number): number => {
  for (let at = quote + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
};
