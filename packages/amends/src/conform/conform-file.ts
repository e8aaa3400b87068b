import { LineCounter, parseDocument, type Document, type YAMLParseError } from 'yaml';
import { z } from 'zod';
import { placeholdersOf } from './template.ts';

const NAME = /^[a-z][A-Za-z0-9]{0,63}$/;
const Route = z.string().regex(/^(GET|POST|PUT|PATCH|DELETE) \/\S*$/, 'must be a method and a path, as POST /things');
const ActionRoute = z.string().regex(/^POST \/\S*$/, 'must be POST and a path, as POST /things');

/** A request that is no action: what has to be there before. It must be answered with 2xx. */
const PlainRequest = z.strictObject({ route: Route, body: z.unknown().optional() });
const Before = z.array(z.union([z.string(), PlainRequest]));

/** How the effects of a sample are counted from outside. */
const Effects = z.strictObject({
  get: z.string().regex(/^\/\S*$/, 'must be a path, as /things?id={{id}}'),
  /** Where in the answer the count, the list or the object is; the answer itself by default. */
  at: z.string().min(1).optional(),
  /** Only what has all of these members counts. */
  where: z.record(z.string(), z.unknown()).optional(),
});

const Refused = z.strictObject({
  code: z.string().min(1),
  route: ActionRoute.optional(),
  body: z.unknown().optional(),
  before: Before.optional(),
});

const Action = z.strictObject({
  route: ActionRoute,
  body: z.unknown(),
  undo: z.boolean(),
  before: Before.default([]),
  refused: Refused.optional(),
  effects: Effects.optional(),
});

const ConformFile = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: 'must be a URL that begins with http:// or https://' }).optional(),
  /** The environment variable that holds the bearer token; the token itself is never in the file. */
  tokenFrom: z
    .string()
    .regex(/^[A-Z_][A-Z0-9_]*$/, 'must be the name of an environment variable')
    .optional(),
  /** The largest body that the service takes, in bytes. */
  bodyLimit: z.int().min(1).max(100_000_000).optional(),
  setup: z.array(PlainRequest).default([]),
  actions: z
    .record(z.string().regex(NAME, 'must be named by a letter a to z, then letters and digits'), Action)
    .refine((actions) => Object.keys(actions).length > 0, 'must name one action at least'),
});

export type ConformFile = z.output<typeof ConformFile>;
export type SampleAction = z.output<typeof Action>;
export type SampleEffects = z.output<typeof Effects>;
export type BeforeItem = z.output<typeof Before>[number];

/** One call of an action, as the file has it. */
export interface SampleOf {
  readonly route: string;
  readonly body?: unknown;
  readonly before: readonly BeforeItem[];
  readonly effects?: SampleEffects | undefined;
}

/** The sample of an action that is refused; what it does not say is as in the one that is done. */
export const refusedOf = (action: SampleAction): (SampleOf & { readonly code: string }) | undefined => {
  const { refused, effects } = action;
  if (refused === undefined) return undefined;
  const { code, route = action.route, body = action.body, before = action.before } = refused;
  return { code, route, body, before, effects };
};

/** The file cannot be used; the message names the line and the member of each mistake. */
export class FileMistake extends Error {
  override readonly name = 'FileMistake';
}

/** Reads what a conform file says. `file` is its name, for messages. @throws FileMistake */
export const parseConformFile = (text: string, file: string): ConformFile => {
  const lines = new LineCounter();
  // names that are no text are mostly a placeholder that lacks its quotes
  const document = parseDocument(text, { lineCounter: lines, stringKeys: true });
  const [broken] = document.errors;
  if (broken !== undefined) {
    throw new FileMistake(`${file}:${broken.linePos?.[0].line ?? 1}: ${yamlMistake(broken)}`);
  }
  const value = valueOf(document, file);
  if (value === null || value === undefined) {
    throw new FileMistake(`${file} is empty: it must name a service's actions`);
  }
  const parsed = ConformFile.safeParse(value);
  const mistakes = parsed.success ? mistakesIn(parsed.data) : parsed.error.issues.flatMap(inWords);
  if (parsed.success && mistakes.length === 0) return parsed.data;
  throw new FileMistake(
    mistakes
      .map(({ path, says }) => `${file}:${lineOf(document, lines, path)}: ${path.join('.') || 'the file'} ${says}`)
      .join('\n'),
  );
};

const yamlMistake = ({ code, message }: YAMLParseError): string =>
  code === 'NON_STRING_KEY'
    ? "has braces where YAML takes them for a map: a placeholder needs quotes, as '{{id}}'"
    : (message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '');

/** @throws FileMistake where a YAML alias leads nowhere, or around in a circle */
const valueOf = (document: Document, file: string): unknown => {
  try {
    const value: unknown = document.toJS();
    JSON.stringify(value);
    return value;
  } catch (error) {
    throw new FileMistake(`${file}: ${(error as Error).message.split('\n')[0]}`, { cause: error });
  }
};

interface Mistake {
  readonly path: readonly PropertyKey[];
  readonly says: string;
}

const inWords = (issue: z.core.$ZodIssue): Mistake[] => {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key], says: 'is not known here' }));
  }
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => ({ path, says: message }));
  if (issue.code === 'invalid_union') return [{ path, says: 'must be the name of an action, or a route with a body' }];
  if (issue.code === 'invalid_type' && issue.message.includes('undefined')) return [{ path, says: 'is missing' }];
  if (issue.code === 'invalid_type') return [{ path, says: `must be ${IN_WORDS[issue.expected] ?? issue.expected}` }];
  return [{ path, says: issue.message }];
};

const IN_WORDS: Readonly<Record<string, string>> = {
  object: 'names with values, as a: b',
  record: 'names with values, as a: b',
  array: 'a list',
  string: 'text',
  boolean: 'true or false',
  number: 'a whole number',
  int: 'a whole number',
};

/** What a schema cannot say: names and placeholders that lead nowhere, and samples that are always the same. */
const mistakesIn = ({ actions, setup }: ConformFile): Mistake[] => [
  ...setup.flatMap((request, n) => unknownIn(request, ['setup', n], ['run'])),
  ...Object.entries(actions).flatMap(([name, action]) => {
    const path = ['actions', name];
    const refused = refusedOf(action);
    return [
      ...mistakesInSample(name, action, path, actions),
      ...(refused === undefined ? [] : mistakesInSample(name, refused, [...path, 'refused'], actions)),
      ...(action.effects === undefined
        ? []
        : unknownIn(action.effects, [...path, 'effects'], known(action.before, actions))),
      ...(isFresh(action)
        ? []
        : [{ path, says: 'must have {{id}} in its route or body, or every sample is the same' }]),
    ];
  }),
];

type Actions = ConformFile['actions'];

const mistakesInSample = (
  name: string,
  sample: SampleOf,
  path: readonly PropertyKey[],
  actions: Actions,
): Mistake[] => [
  ...sample.before.flatMap((item, n) => {
    const here = [...path, 'before', n];
    if (typeof item !== 'string') return unknownIn(item, here, known(sample.before, actions));
    if (!Object.hasOwn(actions, item)) return [{ path: here, says: `${item} is no action of this file` }];
    return leadsTo(item, actions).has(item) ? [{ path: here, says: `${item} comes before itself` }] : [];
  }),
  ...unknownIn({ route: sample.route, body: sample.body }, path, known(sample.before, actions)),
  ...(path.at(-1) === 'refused' || !leadsTo(name, actions).has(name)
    ? []
    : [{ path: [...path, 'before'], says: `${name} comes before itself` }]),
];

const unknownIn = (template: unknown, path: readonly PropertyKey[], names: readonly string[]): Mistake[] =>
  placeholdersOf(template)
    .filter((name) => !names.includes(name))
    .map((name) => ({ path, says: `names {{${name}}}, which is neither id, run nor an action that comes before` }));

/** The names that may stand in a placeholder. */
const known = (before: readonly BeforeItem[], actions: Actions): string[] => {
  const named = before.filter((item) => typeof item === 'string');
  return ['id', 'run', ...named, ...named.flatMap((name) => [...leadsTo(name, actions)])];
};

/** The actions that come before an action, and before those. */
const leadsTo = (name: string, actions: Actions, found = new Set<string>()): Set<string> => {
  for (const item of actions[name]?.before ?? []) {
    if (typeof item !== 'string' || found.has(item)) continue;
    found.add(item);
    leadsTo(item, actions, found);
  }
  return found;
};

const isFresh = ({ route, body }: SampleOf): boolean => placeholdersOf({ route, body }).some((name) => name !== 'run');

/** The line of what a path leads to, or of the nearest around it that is there. */
const lineOf = (document: Document, lines: LineCounter, path: readonly PropertyKey[]): number => {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    const range = (node as { range?: readonly number[] } | undefined)?.range;
    if (range?.[0] !== undefined) return lines.linePos(range[0]).line;
  }
  return 1;
};
