/** The command cannot go on: the message is a sentence for the person who ran it, shown without a stack. */
export class CliStop extends Error {
  override readonly name = 'CliStop';
}
