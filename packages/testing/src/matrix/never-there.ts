/** The saga had ended before it came to the step that was to be struck. */
export class NeverThere extends Error {
  override readonly name = 'NeverThere';

  constructor(id: string) {
    super(`the saga ended before it came to ${id}`);
  }
}
