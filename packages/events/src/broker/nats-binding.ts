import { headers as natsHeaders, type MsgHdrs } from '@nats-io/transport-node';
import { eventSubject } from '@amends/contracts/internal';
import { fingerprint } from '@amends/runtime/internal';
import type { CloudEvent } from '../edge/cloud-event.ts';
import { STRUCTURED_MODE } from '../edge/new-event.ts';
import { parseMessage, type ParsedEvent } from '../edge/parse-event.ts';

/**
 * An event as a NATS message, in structured mode: the whole event is the payload. `msgID` is by which the broker knows a
 * repeat: source and id, which together tell an event from any other.
 */
export const writeNatsEvent = (
  event: CloudEvent,
): { subject: string; headers: MsgHdrs; payload: string; msgID: string } => ({
  subject: eventSubject(event.type),
  headers: structuredHeaders(),
  payload: JSON.stringify(event),
  msgID: fingerprint([event.source, event.id]),
});

export const structuredHeaders = (): MsgHdrs => {
  const headers = natsHeaders();
  for (const [name, value] of Object.entries(STRUCTURED_MODE)) headers.set(name, value);
  return headers;
};

/**
 * CloudEvents NATS binding 1.0.2: a CloudEvents `content-type`, or no `ce-` header at all, means structured, anything else
 * binary, whose content type is `ce-datacontenttype`.
 */
export const readNatsEvent = (headers: MsgHdrs | undefined, payload: Uint8Array): ParsedEvent => {
  const plain: Record<string, string> = {};
  for (const [name, [value]] of headers ?? []) if (value !== undefined) plain[name.toLowerCase()] = value;
  const mediaType = plain['content-type'] ?? '';
  const binary =
    !/^application\/cloudevents/i.test(mediaType) && Object.keys(plain).some((name) => name.startsWith('ce-'));
  const contentType = binary ? (plain['ce-datacontenttype'] ?? mediaType) : 'application/cloudevents+json';
  return parseMessage({ ...plain, 'content-type': contentType }, payload);
};
