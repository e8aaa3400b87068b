/** An event as the specification has it, made by hand: a sender knows nothing of our code. */
export interface PlainEvent {
  readonly id: string;
  readonly type: string;
  readonly subject?: string;
  readonly data: unknown;
}

/** What goes over the wire, to a broker or over HTTP; `type` is that of the subject it is published to. */
export interface Message {
  readonly type: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Uint8Array;
}

export const SOURCE = '/soak';

const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** CloudEvents 1.0, structured mode: the whole event is the payload. */
export const structured = ({ id, type, subject, data }: PlainEvent): Message => ({
  type,
  headers: { 'content-type': 'application/cloudevents+json' },
  payload: bytes({ specversion: '1.0', id, source: SOURCE, type, subject, datacontenttype: 'application/json', data }),
});

/** Binary mode: the attributes are headers, the data is the payload. */
export const binary = ({ id, type, subject, data }: PlainEvent): Message => ({
  type,
  headers: {
    'content-type': 'application/json',
    'ce-specversion': '1.0',
    'ce-id': id,
    'ce-source': SOURCE,
    'ce-type': type,
    ...(subject !== undefined && { 'ce-subject': subject }),
  },
  payload: bytes(data),
});
