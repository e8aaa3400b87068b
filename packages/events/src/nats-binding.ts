import { HTTP, type CloudEvent } from 'cloudevents';
import { headers as natsHeaders, type MsgHdrs } from '@nats-io/transport-node';
import { eventSubject } from '@amends/contracts/internal';
import { parseMessage, type ParsedEvent } from './parse-event.ts';

/**
 * An event as a NATS message, in structured mode: the whole event is the payload. `msgID` is by which the broker knows a
 * repeat: source and id, which together tell an event from any other.
 */
export const writeNatsEvent = (
  event: CloudEvent<unknown>,
): { subject: string; headers: MsgHdrs; payload: string; msgID: string } => {
  const { headers, body } = HTTP.structured(event);
  const written = natsHeaders();
  for (const [name, value] of Object.entries(headers)) written.set(name, String(value));
  return {
    subject: eventSubject(event.type),
    headers: written,
    payload: String(body),
    msgID: `${event.source}#${event.id}`,
  };
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
    !mediaType.startsWith('application/cloudevents') && Object.keys(plain).some((name) => name.startsWith('ce-'));
  const contentType = binary ? (plain['ce-datacontenttype'] ?? mediaType) : 'application/cloudevents+json';
  return parseMessage({ ...plain, 'content-type': contentType }, payload);
};
