import { z } from 'zod';
import { isTimestamp } from './timestamp.ts';

/** Control characters, halves of surrogate pairs and non-characters are in no String of CloudEvents 1.0 (3.1). */
const NOT_TEXT = /[\p{Cc}\p{Surrogate}\p{Noncharacter_Code_Point}]/u;
/** The characters of RFC 3986. */
const URI_REFERENCE = /^(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[\dA-F]{2})+$/i;
const URI = /^[a-z][a-z\d+.-]*:./i;
const MEDIA_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+\s*(?:;.*)?$/;

const Text = z
  .string('is missing or is not text')
  .refine((text) => !NOT_TEXT.test(text), 'holds a character that no text of CloudEvents holds');
const NonEmpty = Text.min(1, 'is empty');
const UriReference = NonEmpty.regex(URI_REFERENCE, 'is not a URI reference');

/** The attributes of a CloudEvent 1.0; its extensions are looked at one by one, for a sender may make thousands of them. */
const Attributes = z.object({
  id: NonEmpty,
  source: UriReference,
  type: NonEmpty,
  specversion: z.literal('1.0', { error: ({ input }) => `is ${shown(input)}, not 1.0` }),
  subject: NonEmpty.optional(),
  time: Text.refine(isTimestamp, 'is not an RFC 3339 time').optional(),
  datacontenttype: NonEmpty.regex(MEDIA_TYPE, 'is not a media type').optional(),
  dataschema: UriReference.regex(URI, 'is not a URI').optional(),
});

const isExtension = (value: unknown): boolean =>
  typeof value === 'boolean' ||
  (typeof value === 'string' && !NOT_TEXT.test(value)) ||
  // oxlint-disable-next-line no-bitwise -- what 32 bits hold
  (typeof value === 'number' && value === (value | 0));

const KNOWN: ReadonlySet<string> = new Set(Object.keys(Attributes.shape));
const NAME = /^[a-z\d]+$/;
const SHOWN_MAX = 100;

/** A CloudEvent 1.0 with its attributes as they came, and its data as JSON has it. */
export interface CloudEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject?: string;
  /** RFC 3339, with whatever offset and precision its sender gave it. */
  readonly time?: string;
  readonly datacontenttype?: string;
  readonly dataschema?: string;
  readonly data?: unknown;
  /** Extensions: text, booleans, integers. */
  readonly [name: string]: unknown;
}

/** The same attributes, held to the specification; or what is wrong with the first that is not. */
export const checkAttributes = (
  attributes: Readonly<Record<string, unknown>>,
): { readonly attributes: CloudEvent } | { readonly why: string } => {
  const unnamed = Object.keys(attributes).find((name) => !NAME.test(name) || name === 'data');
  if (unnamed !== undefined) return { why: `no attribute may be called ${shown(unnamed)}` };
  const parsed = Attributes.safeParse(attributes);
  const [issue] = parsed.error?.issues ?? [];
  if (issue !== undefined) return { why: `the attribute ${shown(String(issue.path[0]))} ${issue.message}` };
  const wrong = Object.keys(attributes).find((name) => !KNOWN.has(name) && !isExtension(attributes[name]));
  if (wrong === undefined) return { attributes: attributes as unknown as CloudEvent };
  return { why: `the attribute ${shown(wrong)} is neither text, nor a boolean, nor a 32-bit integer` };
};

const shown = (value: unknown): string =>
  typeof value === 'string'
    ? value.replaceAll(/\s+/g, ' ').slice(0, SHOWN_MAX)
    : value === undefined
      ? 'missing'
      : typeof value;
