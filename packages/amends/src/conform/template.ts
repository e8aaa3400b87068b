/** What stands for a placeholder: `{{id}}`, `{{run}}`, or a member of an earlier answer, `{{reserve.reservationId}}`. */
export type Variables = Readonly<Record<string, unknown>>;

/** A placeholder that nothing stands for. */
class NoSuchValue extends Error {
  override readonly name = 'NoSuchValue';
}

const PLACEHOLDER = /\{\{\s*([\w.-]+)\s*\}\}/g;
const WHOLE = /^\{\{\s*([\w.-]+)\s*\}\}$/;

/** A JSON value with every placeholder in its strings filled; a string that is nothing else becomes the value itself. */
export const fill = (template: unknown, variables: Variables): unknown => {
  if (typeof template === 'string') {
    const [, only] = WHOLE.exec(template) ?? [];
    if (only !== undefined) return valueOf(only, variables);
    return template.replaceAll(PLACEHOLDER, (_, name: string) => String(valueOf(name, variables)));
  }
  if (Array.isArray(template)) return template.map((each) => fill(each, variables));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([name, value]) => [name, fill(value, variables)]));
};

/** The same in a path or query, where values are escaped. */
export const fillPath = (template: string, variables: Variables): string =>
  template.replaceAll(PLACEHOLDER, (_, name: string) => encodeURIComponent(String(valueOf(name, variables))));

/** The first names of all placeholders of a template: `reserve` of `{{reserve.reservationId}}`. */
export const placeholdersOf = (template: unknown): string[] =>
  [...(JSON.stringify(template) ?? '').matchAll(PLACEHOLDER)].map(([, name = '']) => name.split('.')[0] ?? '');

/** The value at a dotted path; undefined when there is none. */
export const at = (value: unknown, path: string): unknown => {
  let found = value;
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return found;
};

const valueOf = (name: string, variables: Variables): unknown => {
  const value = at(variables, name);
  if (value === undefined) throw new NoSuchValue(`nothing stands for {{${name}}}`);
  return value;
};
