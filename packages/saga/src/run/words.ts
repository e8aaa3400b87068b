/** `reserveStock` → `reserve stock`. */
export const inWords = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** `undo`, `reserveStock` → `undoReserveStock`. */
export const camel = (first: string, name: string): string => first + name.charAt(0).toUpperCase() + name.slice(1);

/** A step as operators name it, and its entry in an idempotency key: `bookParcel` or `bookParcel:w-7`. */
export const stepId = (name: string, instance: string | null): string =>
  instance === null ? name : `${name}:${instance}`;

/** Messages go into the history, into events and into the view: an author's prose is cut there. */
const MESSAGE_MAX_CHARS = 500;

/** Half of a surrogate pair: the SDK would send it as bytes that are no UTF-8, and nobody could read the workflow task. */
const HALF_A_PAIR = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** Words that may leave the workflow, cut to a bearable length. */
export const sayable = (text: string): string => text.slice(0, MESSAGE_MAX_CHARS).replaceAll(HALF_A_PAIR, '\uFFFD');

/** What was thrown, in words. */
export const messageOf = (error: unknown): string => sayable(error instanceof Error ? error.message : String(error));
