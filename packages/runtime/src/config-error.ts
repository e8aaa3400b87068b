/** A variable is wrong: the message is a sentence that names it, for the person who set it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
