/** An input is over `INPUT_LIMIT_BYTES`; repeating it is in vain. */
export class PayloadTooLarge extends Error {
  override readonly name = 'PayloadTooLarge';
}
