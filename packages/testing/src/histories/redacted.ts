/** `<pid>@<host>…`: how the SDK names a process, in `identity` and in sticky task queues. */
const NAMES_A_MACHINE = /^\d+@/;
/** Members that tell of the machine or the server, or only how something is shown: no replay reads them. */
const DROPPED: ReadonlySet<string> = new Set([
  'header',
  'identity',
  'meteringMetadata',
  'requestId',
  'stackTrace',
  'taskId',
  'userMetadata',
  'workerVersion',
]);
const CALL = 'activityTaskScheduledEventAttributes';
/** Where a fault proxy, a service or the server listened. */
const ADDRESS = /127\.0\.0\.1:\d+/g;
const JSON_PAYLOAD = Buffer.from('json/plain').toString('base64');

/** A history without what tells of the machine it was recorded on, payloads included; replay needs none of it. */
export const redacted = (value: unknown): unknown => {
  if (typeof value === 'string')
    return NAMES_A_MACHINE.test(value) ? 'redacted' : value.replaceAll(ADDRESS, '127.0.0.1:0');
  if (Array.isArray(value)) return value.map(redacted);
  if (typeof value !== 'object' || value === null) return value;
  if (isJsonPayload(value)) return { ...value, data: redactedData(value.data) };
  const kept = Object.entries(value).filter(([name]) => !DROPPED.has(name));
  return Object.fromEntries(kept.map(([name, member]) => [name, redacted(name === CALL ? unasked(member) : member)]));
};

/** What a service was asked is not looked at again; what it answered is. */
const unasked = (call: object): object => Object.fromEntries(Object.entries(call).filter(([name]) => name !== 'input'));

interface Payload {
  readonly metadata: object;
  readonly data: string;
}

const isJsonPayload = (value: object): value is Payload => {
  const { metadata, data } = value as { metadata?: { encoding?: unknown }; data?: unknown };
  return metadata?.encoding === JSON_PAYLOAD && typeof data === 'string';
};

/** Members of what is said stay as they are: they may be an input's. */
const redactedData = (data: string): string => {
  const text = Buffer.from(data, 'base64').toString();
  return Buffer.from(text.replaceAll(ADDRESS, '127.0.0.1:0')).toString('base64');
};
