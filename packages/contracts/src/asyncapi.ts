import { z } from 'zod';
import type { EventContract } from './define-event.ts';
import { eventSubject } from './protocol/streams.ts';

/** Of the interface that is described, and so package.json's. */
const VERSION = '0.1.0';
const STRUCTURED = 'application/cloudevents+json';
const BINARY = 'application/json';

const DESCRIPTION = [
  'The events by which Amends is told of what happened, and tells of its sagas. Each is a CloudEvent 1.0 on the NATS JetStream stream',
  'AMENDS_EVENTS, subject `events.<type>`: the whole event as JSON (structured mode), or its data alone with `ce-` headers (binary mode).',
  'What Amends receives may be sent to `POST /events` over HTTP just as well, also as a batch. A type ends in its version; what a version',
  'says never changes.',
].join('\n');

type Json = Readonly<Record<string, unknown>>;
type Contracts = Readonly<Record<string, EventContract<unknown>>>;

/** One version of a type of event, as it is described. */
interface Described {
  readonly type: string;
  readonly summary: string;
  readonly action: 'send' | 'receive';
  readonly data: z.ZodType;
  readonly example: unknown;
}

/** AsyncAPI 3.0 of events, generated from their contracts: seen from Amends, which sends its sagas' own and receives all others. */
export const asyncApi = (contracts: Contracts): Json => {
  const all = Object.entries(contracts).flatMap(describedAs);
  return {
    asyncapi: '3.0.0',
    info: { title: 'Amends', version: VERSION, description: DESCRIPTION, license: { name: 'MIT' } },
    defaultContentType: STRUCTURED,
    channels: each(all, ({ type, summary, ...described }) => [
      type,
      {
        address: eventSubject(type),
        summary,
        messages: each(messagesOf({ type, summary, ...described }), ([name]) => [
          name,
          { $ref: `#/components/messages/${name}` },
        ]),
      },
    ]),
    operations: each(all, ({ type, action, summary }) => [
      `${action}.${type}`,
      { action, summary, channel: { $ref: `#/channels/${type}` } },
    ]),
    components: {
      messages: Object.fromEntries(all.flatMap(messagesOf)),
      schemas: {
        CloudEvent: CLOUD_EVENT,
        CloudEventHeaders: CLOUD_EVENT_HEADERS,
        ...each(all, (described) => [schemaName(described), dataSchema(described.data)]),
      },
    },
  };
};

/** The JSON schema of data as it is sent: what a receiver must bear. */
export const dataSchema = (data: z.ZodType): Json => {
  const { $schema: _, ...schema } = z.toJSONSchema(data, { io: 'input', target: 'draft-7' });
  return schema;
};

const describedAs = ([type, contract]: [string, EventContract<unknown>]): Described[] => {
  const { publishedBy, when, data, example, older } = contract;
  const action = publishedBy === 'sagas' ? 'send' : 'receive';
  return [
    { type, summary: `Published by ${publishedBy}: ${when}.`, action, data, example },
    ...older.map((version): Described => ({
      ...version,
      summary: `Published no more, and still taken: it is read as ${type}.`,
      action: 'receive',
    })),
  ];
};

/** What is published is in structured mode; what is received may be in binary mode too. */
const messagesOf = (described: Described): [string, Json][] => {
  const { type, summary, action, example } = described;
  const schema = { $ref: `#/components/schemas/${schemaName(described)}` };
  const attributes = { specversion: '1.0', id: 'e-1', source: `/examples`, type, subject: 'o-1', time: AT };
  const structured = {
    name: type,
    summary,
    contentType: STRUCTURED,
    payload: {
      allOf: [
        { $ref: '#/components/schemas/CloudEvent' },
        { type: 'object', required: ['data'], properties: { type: { const: type }, data: schema } },
      ],
    },
    examples: [{ payload: { ...attributes, datacontenttype: BINARY, data: example } }],
  };
  if (action === 'send') return [[type, structured]];
  const headers = each(Object.entries(attributes), ([name, value]) => [`ce-${name}`, value]);
  const binary = {
    name: type,
    summary: `${summary} In binary mode.`,
    contentType: BINARY,
    headers: {
      allOf: [
        { $ref: '#/components/schemas/CloudEventHeaders' },
        { type: 'object', properties: { 'ce-type': { const: type } } },
      ],
    },
    payload: schema,
    examples: [{ headers, payload: example }],
  };
  return [
    [type, structured],
    [`${type}.binary`, binary],
  ];
};

/** A schema that several types share goes by its title. */
const schemaName = ({ type, data }: Described): string => data.meta()?.title ?? type;

const each = <T>(all: readonly T[], entry: (one: T) => [string, unknown]): Json => Object.fromEntries(all.map(entry));

const AT = '2026-01-31T08:26:00.000Z';
const text = { type: 'string', minLength: 1 } as const;
const ATTRIBUTES = {
  specversion: { const: '1.0' },
  id: { ...text, description: 'With the source it tells an event from any other: a repeat has the same.' },
  source: { ...text, format: 'uri-reference', description: 'Who made it.' },
  type: text,
  subject: {
    ...text,
    description: 'The business key of what it is about: events of one key are published in their order.',
  },
  time: { type: 'string', format: 'date-time', description: 'When it happened.' },
} as const;
const REQUIRED = ['specversion', 'id', 'source', 'type'] as const;

const CLOUD_EVENT = {
  type: 'object',
  description: 'CloudEvents 1.0 in its JSON format; other attributes may be there.',
  required: REQUIRED,
  properties: { ...ATTRIBUTES, datacontenttype: { const: BINARY }, data: {} },
};

const CLOUD_EVENT_HEADERS = {
  type: 'object',
  description: 'CloudEvents 1.0 in binary mode; over HTTP the same names.',
  required: REQUIRED.map((name) => `ce-${name}`),
  properties: each(Object.entries(ATTRIBUTES), ([name, schema]) => [`ce-${name}`, schema]),
};
