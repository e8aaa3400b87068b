/** What a saga may be started with, as JSON in UTF-8: below Temporal's own 2 MiB, so that the server never has to refuse it. */
export const INPUT_LIMIT_BYTES = 1_500_000;

/** An input is over {@link INPUT_LIMIT_BYTES}; repeating it is in vain. */
export class PayloadTooLarge extends Error {
  override readonly name = 'PayloadTooLarge';
}
