import { checkAttributes, type CloudEvent } from './cloud-event.ts';

/**
 * A CloudEvent 1.0 of any type, or why it is none. `json`: the event in the JSON format, with attributes and data spelt as they came.
 * `notJson`: it is not even JSON where it should be.
 */
export type ParsedEvent =
  | { readonly event: CloudEvent; readonly json: string }
  | { readonly event?: never; readonly why: string; readonly notJson: boolean };

const ANY_FORMAT = /^application\/cloudevents/i;
const JSON_FORMAT = /^application\/cloudevents(\+json)?\s*(;|$)/i;
const JSON_MEDIA_TYPE = /^[^;]*[/+]json\s*(;|$)/i;
const BASE64 = /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/;

const none = (why: string, { notJson = false } = {}): ParsedEvent => ({ why, notJson });

/** One event of a message in structured or binary mode; header names in lower case, as HTTP and NATS bindings have them. */
export const parseMessage = (headers: Readonly<Record<string, string>>, body: Uint8Array): ParsedEvent => {
  const contentType = headers['content-type'] ?? '';
  if (!ANY_FORMAT.test(contentType)) return parseBinary(headers, contentType, body);
  if (!JSON_FORMAT.test(contentType)) return none(`its format is ${contentType}; only JSON is read`);
  const text = textOf(body);
  return text === undefined ? none('the body is not UTF-8', { notJson: true }) : parseStructured(text);
};

/** One event of the JSON format. */
export const parseStructured = (json: string): ParsedEvent => {
  const parsed = parseJson(json);
  if ('why' in parsed) return none(parsed.why, { notJson: true });
  const { value } = parsed;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return none('it is not a JSON object');
  // JSON format 2.2: null says that the attribute is not there
  const isGiven = (name: string, member: unknown): boolean =>
    name !== 'data' && name !== 'data_base64' && member !== null;
  const given = Object.fromEntries(Object.entries(value).filter(([name, member]) => isGiven(name, member)));
  const { data, data_base64: encoded } = value as Record<string, unknown>;
  const checked = checkAttributes(given);
  if ('why' in checked) return none(checked.why);
  if (encoded === undefined) return { event: { ...checked.attributes, ...(data !== undefined && { data }) }, json };
  if (data !== undefined) return none('it has both data and data_base64');
  const decoded = typeof encoded === 'string' && BASE64.test(encoded) ? textOf(Buffer.from(encoded, 'base64')) : '';
  const inside = parseJson(decoded ?? '');
  if ('why' in inside) return none('data_base64 holds no JSON');
  return { event: { ...checked.attributes, data: inside.value }, json };
};

const parseBinary = (headers: Readonly<Record<string, string>>, contentType: string, body: Uint8Array): ParsedEvent => {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    // in binary mode the content type is that of the data
    if (!name.startsWith('ce-') || name === 'ce-datacontenttype') continue;
    const decoded = decodeHeader(value);
    if (decoded === undefined) return none(`the header ${name} holds a malformed %`);
    given[name.slice('ce-'.length)] = decoded;
  }
  const checked = checkAttributes({ ...given, ...(contentType !== '' && { datacontenttype: contentType }) });
  if ('why' in checked) return none(checked.why);
  if (contentType !== '' && !JSON_MEDIA_TYPE.test(contentType)) return none(`its data is ${contentType}, not JSON`);
  const text = textOf(body);
  if (text === undefined) return none('the body is not UTF-8', { notJson: true });
  const data = parseJson(text);
  if ('why' in data) return none(data.why, { notJson: true });
  const attributes = JSON.stringify(checked.attributes);
  return {
    event: { ...checked.attributes, data: data.value },
    json: `${attributes.slice(0, -1)},"data":${text}}`,
  };
};

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

const QUOTED = /^"((?:[^"\\]|\\.)*)"$/;

/** HTTP binding 3.1.3.2: a value in double quotes is unquoted first; then it is percent-decoded, once. Undefined: a malformed %. */
const decodeHeader = (value: string): string | undefined => {
  const [, inside] = QUOTED.exec(value) ?? [];
  try {
    return decodeURIComponent(inside === undefined ? value : inside.replaceAll(/\\(.)/g, '$1'));
  } catch {
    return undefined;
  }
};
