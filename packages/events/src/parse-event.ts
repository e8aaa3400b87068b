import { type CloudEvent, HTTP } from 'cloudevents';

/** A CloudEvent 1.0 of any type, or why it is none. `notJson`: it is not even JSON where it should be. */
export type ParsedEvent =
  | { readonly event: CloudEvent<unknown> }
  | { readonly event?: never; readonly why: string; readonly notJson: boolean };

const STRUCTURED = /^application\/cloudevents(\+json)?\s*(;|$)/i;
const JSON_MEDIA_TYPE = /^[^;]*[/+]json\s*(;|$)/i;
const REQUIRED = ['id', 'source', 'type', 'specversion'] as const;

const none = (why: string, { notJson = false } = {}): ParsedEvent => ({ why, notJson });

/** One event of a message in structured or binary mode; header names in lower case, as HTTP and NATS bindings have them. */
export const parseMessage = (headers: Readonly<Record<string, string>>, body: Uint8Array): ParsedEvent => {
  const contentType = headers['content-type'] ?? '';
  const text = textOf(body);
  if (/^application\/cloudevents/i.test(contentType)) {
    if (!STRUCTURED.test(contentType)) return none(`its format is ${contentType}; only JSON is read`);
    if (text === undefined) return none('the body is not UTF-8', { notJson: true });
    const json = parseJson(text);
    return 'why' in json ? none(json.why, { notJson: true }) : parseStructured(json.value);
  }
  return parseBinary(headers, contentType, text);
};

/**
 * One event of the JSON format. The SDK makes up an id, a specversion and a time that are missing or unreadable, so what it
 * would make up is looked for before.
 */
export const parseStructured = (value: unknown): ParsedEvent => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return none('it is not a JSON object');
  const fields = value as Record<string, unknown>;
  const wrong = wrongAttribute(fields);
  if (wrong !== undefined) return none(wrong);
  const { data_base64: encoded, ...rest } = fields;
  if (encoded === undefined) return checked(() => eventOf(HTTP.toEvent<unknown>({ headers: CE_JSON, body: fields })));
  // The SDK decodes data_base64 into an array of 32-bit numbers.
  const decoded = typeof encoded === 'string' ? textOf(Buffer.from(encoded, 'base64')) : undefined;
  const json = decoded === undefined ? undefined : parseJson(decoded);
  if (json === undefined || 'why' in json) return none('data_base64 holds no JSON');
  return checked(() => eventOf(HTTP.toEvent<unknown>({ headers: CE_JSON, body: { ...rest, data: json.value } })));
};

const CE_JSON = { 'content-type': 'application/cloudevents+json' };

const parseBinary = (
  headers: Readonly<Record<string, string>>,
  contentType: string,
  text: string | undefined,
): ParsedEvent => {
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith('ce-')) continue;
    const decoded = decodeHeader(value);
    if (decoded === undefined) return none(`the header ${name} holds a malformed %`);
    attributes[name.slice('ce-'.length)] = decoded;
  }
  const wrong = wrongAttribute(attributes);
  if (wrong !== undefined) return none(wrong);
  if (contentType !== '' && !JSON_MEDIA_TYPE.test(contentType)) return none(`its data is ${contentType}, not JSON`);
  if (text === undefined) return none('the body is not UTF-8', { notJson: true });
  const json = parseJson(text);
  if ('why' in json) return none(json.why, { notJson: true });
  const ceHeaders = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value]));
  return checked(() => {
    // The SDK knows JSON by a few spellings of its media type only, so the data is given to it parsed.
    const event = eventOf(
      HTTP.toEvent<unknown>({ headers: { ...ceHeaders, 'content-type': 'application/json' }, body: undefined }),
    );
    return event.cloneWith({ data: json.value });
  });
};

const wrongAttribute = (attributes: Record<string, unknown>): string | undefined => {
  for (const name of REQUIRED) {
    const value = attributes[name];
    if (typeof value !== 'string' || value === '') return `the attribute ${name} is missing or empty`;
  }
  if (attributes['specversion'] !== '1.0') return `its specversion is ${String(attributes['specversion'])}, not 1.0`;
  const { time } = attributes;
  if (time !== undefined && (typeof time !== 'string' || Number.isNaN(Date.parse(time)))) return 'its time is none';
  return undefined;
};

const checked = (parse: () => CloudEvent<unknown>): ParsedEvent => {
  try {
    const event = parse();
    event.validate();
    return { event };
  } catch (error) {
    return none((error as Error).message);
  }
};

const eventOf = (parsed: ReturnType<typeof HTTP.toEvent<unknown>>): CloudEvent<unknown> =>
  (Array.isArray(parsed) ? parsed[0] : parsed) as CloudEvent<unknown>;

/** JSON, or why it is none. */
export const parseJson = (text: string): { value: unknown } | { why: string } => {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    return { why: (error as Error).message };
  }
};

/** UTF-8, or undefined when it is none. */
export const textOf = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

/** HTTP binding 3.1.3.2: header values are percent-encoded. */
const decodeHeader = (value: string): string | undefined => {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
};
