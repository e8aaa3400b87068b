/** Messages go into histories, events and views: an author's or a service's prose is cut there. */
const MESSAGE_MAX_CHARS = 500;

/** Half of a surrogate pair: the SDK would send it as bytes that are no UTF-8, and nobody could read the workflow task. */
const HALF_A_PAIR = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** Words that may go into a history, cut to a bearable length. */
export const sayable = (text: string): string => text.slice(0, MESSAGE_MAX_CHARS).replaceAll(HALF_A_PAIR, '\uFFFD');
