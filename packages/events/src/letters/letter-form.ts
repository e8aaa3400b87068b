import { headers as natsHeaders, type MsgHdrs } from '@nats-io/transport-node';
import { z } from 'zod';

/** JetStream takes 64 KiB of headers; what we add to those of an event has to find room beside them. */
const OWN_HEADERS_MAX_BYTES = 48 * 1_024;
/** Only where an event's headers leave no room for ours: so many bytes of the body are its headers, as JSON; then its own bytes follow. */
const HEADERS_IN_BODY = 'Amends-Headers-In-Body';

const Entries = z.array(z.tuple([z.string(), z.array(z.string())]));

/** An event's headers and bytes, for a message that says something about it besides. */
export interface Enclosed {
  readonly headers: MsgHdrs;
  readonly payload: Uint8Array | string;
}

/** The same, so that there is room for headers of ours: many headers move into the body. The headers are the caller's own to add to. */
export const enclose = ({ headers, payload }: Enclosed): Enclosed => {
  const own = natsHeaders();
  if (bytesOf(headers) <= OWN_HEADERS_MAX_BYTES) {
    for (const [name, values] of headers) for (const value of values) own.append(name, value);
    return { headers: own, payload };
  }
  const moved = Buffer.from(JSON.stringify([...headers]));
  own.set(HEADERS_IN_BODY, String(moved.length));
  return { headers: own, payload: Buffer.concat([moved, Buffer.from(payload)]) };
};

/** The inverse of {@link enclose}: whether the headers were in the body, which then are these, and the event's bytes. */
export const disclose = (
  headers: MsgHdrs,
  body: Uint8Array,
): { readonly moved: readonly [string, string[]][]; readonly payload: Uint8Array } => {
  const length = Number(headers.get(HEADERS_IN_BODY));
  if (!Number.isInteger(length) || length < 1 || length > body.length) return { moved: [], payload: body };
  try {
    const moved = Entries.parse(JSON.parse(Buffer.from(body.subarray(0, length)).toString()));
    return { moved, payload: body.subarray(length) };
  } catch {
    // somebody else's message, which only looks like one of ours
    return { moved: [], payload: body };
  }
};

/** What headers take on the wire. */
export const bytesOf = (headers: Iterable<readonly [string, readonly string[]]>): number =>
  [...headers].reduce(
    (sum, [name, values]) => sum + Buffer.byteLength(values.map((value) => `${name}: ${value}\r\n`).join('')),
    0,
  );
