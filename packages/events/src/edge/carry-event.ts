import { CARRIED_EVENT_MAX_BYTES, type CarriedEvent } from '@amends/contracts/internal';
import type { CloudEvent } from './cloud-event.ts';
import type { KnownEvent } from './known-event.ts';

const DATA = new Set(['data', 'data_base64']);
const REQUIRED = new Set(['specversion', 'id', 'source', 'type', 'subject', 'time']);
const NAME_MAX_CHARS = 1_000;

/** Where an event came from, for whom it has to be told as it came. */
export interface CameAs {
  /** The CloudEvent, as it was sent. */
  readonly original?: CloudEvent | undefined;
  /** `<stream> <sequence>`, from the broker. */
  readonly at?: string | undefined;
}

/** An event to go with a signal: all of it up to 64 kB, else its attributes, and at least those by which it is known. */
export const carryEvent = (event: KnownEvent, { original, at }: CameAs = {}): CarriedEvent => {
  const whole = JSON.parse(JSON.stringify(original ?? { specversion: '1.0', ...event })) as Record<string, unknown>;
  const fitting = [whole, only(whole, (name) => !DATA.has(name)), only(whole, (name) => REQUIRED.has(name))];
  const carried = fitting.find((some) => Buffer.byteLength(JSON.stringify(some)) <= CARRIED_EVENT_MAX_BYTES);
  return { event: carried ?? shortened(only(whole, (name) => REQUIRED.has(name))), at: at ?? null };
};

const only = (event: Record<string, unknown>, so: (name: string) => boolean): Record<string, unknown> =>
  Object.fromEntries(Object.entries(event).filter(([name]) => so(name)));

const shortened = (event: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(event).map(([name, value]) => [name, String(value).slice(0, NAME_MAX_CHARS)]));
