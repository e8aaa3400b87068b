/** Why the system cannot start, as a sentence for the person who started it; it is shown without a stack. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
