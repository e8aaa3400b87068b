/** A business no: final, and stored as the answer. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** Handed to handlers, where its codes are typed (`Refusing` of contract.ts). */
export const refuse = (code: string, message: string, cause?: unknown): Refusal => new Refusal(code, message, cause);
