import type { Answer, WireRequest } from './speaker.ts';

/** What a person is told of a failure. */
export interface Reason {
  readonly sent: string;
  readonly expected: string;
  readonly came: string;
}

/** A promise was not kept. */
export class Unkept extends Error implements Reason {
  override readonly name = 'Unkept';
  readonly sent: string;
  readonly expected: string;
  readonly came: string;

  constructor({ sent, expected, came }: Reason) {
    super(`${sent}: expected ${expected}, came ${came}`);
    this.sent = sent;
    this.expected = expected;
    this.came = came;
  }
}

/** Throw it where a check cannot be made; `reason` completes "skipped: …". */
export class Skip extends Error {
  override readonly name = 'Skip';
}

const LONGEST = 300;

/** A request in one line; a secret in it is left out. */
export const requestInWords = ({ method, path, headers, body = '' }: WireRequest): string => {
  const key = headers['idempotency-key'];
  const words = [`${method} ${path}`, key === undefined ? '' : `Idempotency-Key: ${key}`, inBrief(body)];
  return words.filter((word) => word !== '').join('  ');
};

export const answerInWords = ({ status, headers, text }: Answer): string => {
  const type = headers['content-type'] ?? 'no content-type';
  return `${status} (${type}) ${inBrief(text)}`.trim();
};

export const inBrief = (text: string): string =>
  text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text;

/** An answer that is not what was promised. */
export const unkept = (answer: Answer, expected: string, came = answerInWords(answer)): Unkept =>
  new Unkept({ sent: requestInWords(answer.request), expected, came });
