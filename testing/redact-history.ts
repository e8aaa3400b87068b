/** `<pid>@<host>…`: how the SDK names a process, in `identity` and in sticky task queues. */
const NAMES_A_MACHINE = /^\d+@/;
/** It holds paths of the machine. */
const STACK = 'stackTrace';

/** A history without what tells of the machine it was recorded on; replay needs none of it. */
export const redacted = (value: unknown): unknown => {
  if (typeof value === 'string') return NAMES_A_MACHINE.test(value) ? 'redacted' : value;
  if (Array.isArray(value)) return value.map(redacted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, name === STACK ? '' : redacted(member)]),
  );
};
