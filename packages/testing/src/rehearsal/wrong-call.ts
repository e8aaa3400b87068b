import { GIVEN_KEY_GRAMMAR } from '@amends/contracts/protocol';
import type { Kind } from '@amends/saga';

/** Which rule a call breaks that the compiler cannot hold alone (S8), in words; null when it keeps them. */
export const wrongCall = (call: {
  readonly id: string;
  readonly kind: Kind;
  readonly instance: string | null;
  /** Whether it has been called before. */
  readonly called: boolean;
  /** Whether the flow is past the point of no return. */
  readonly past: boolean;
}): string | null => {
  const { id, kind, instance, called, past } = call;
  if (instance !== null && !GIVEN_KEY_GRAMMAR.test(instance)) return `'${instance}' is no instance`;
  if (called) return `${id} is called twice: it needs an instance key`;
  if (kind === 'event' || kind === 'approval') return null;
  if (kind === 'retriable') return past ? null : `${id} is retriable, and before the point of no return`;
  return past ? `${id} is ${kind}, and past the point of no return` : null;
};
