/** A business no that the flow wants to hear as an answer (`expects`). */
export interface Refusal<C extends string = string> {
  readonly refused: C;
  readonly message: string;
}

/** Whether a step's answer is the refusal it expects. */
export const refused = <T>(answer: T): answer is Extract<T, Refusal> =>
  typeof answer === 'object' && answer !== null && 'refused' in answer;
