import { z } from 'zod';

type Schema = z.core.JSONSchema._JSONSchema;

/** Texts that one or another pattern takes. */
const TEXTS = ['o-1', 'DE', 'EUR', '2026-01-01T00:00:00.000Z', 'http://example.test/', '1'];
const DEEPEST = 12;

/**
 * A value that a schema takes: the first of what it allows. Where `known` has a member of an object's name it is taken from there, so that
 * an event concerns the same order as the saga that waits for it.
 *
 * @throws ZodError when the derived value is not the schema's after all: say it in `<saga>.paths.ts`
 */
export const exampleOf = (schema: z.ZodType, known: unknown): unknown => {
  const described = z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input', reused: 'inline' });
  return schema.parse(derive(described, known, 0));
};

const derive = (schema: Schema, known: unknown, depth: number): unknown => {
  if (typeof schema === 'boolean' || depth > DEEPEST) return null;
  const [first] = schema.anyOf ?? schema.oneOf ?? schema.allOf ?? [];
  if (first !== undefined) return derive(first, known, depth + 1);
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum !== undefined) return schema.enum[0];
  switch (schema.type) {
    case 'object':
      return objectOf(schema, known, depth);
    case 'array': {
      const item = Array.isArray(schema.items) ? schema.items[0] : schema.items;
      return Array.from({ length: schema.minItems ?? 0 }, () => derive(item ?? true, undefined, depth + 1));
    }
    case 'string':
      return TEXTS.find((text) => schema.pattern === undefined || new RegExp(schema.pattern).test(text)) ?? '';
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, 1);
    case 'boolean':
      return true;
    default:
      return null;
  }
};

const objectOf = (schema: Exclude<Schema, boolean>, known: unknown, depth: number): unknown => {
  const members = Object.entries(schema.properties ?? {}).filter(([name]) => schema.required?.includes(name));
  const given = new Map(Object.entries(known ?? {}));
  return Object.fromEntries(
    members.map(([name, member]) => [name, given.has(name) ? given.get(name) : derive(member, undefined, depth + 1)]),
  );
};
