/** A business no: final, and stored as the answer. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/**
 * What a handler throws for a business no: `throw refuse('out-of-stock', 'only 3 of mug are left')`.
 * `code` is one of the action's contract (an undo's is free); `message` is for people.
 */
export const refuse = (code: string, message: string, cause?: unknown): Refusal => new Refusal(code, message, cause);
