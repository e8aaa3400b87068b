import { z } from 'zod';

/** A port from 1 to 65535. */
export const port = z.string().transform((text, context) => {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 65_535) return value;
  context.addIssue({ code: 'custom', message: `must be a port from 1 to 65535, not '${text}'` });
  return z.NEVER;
});

/** A whole number from `min` to `max`. */
export const wholeNumber = (fallback: number, min: number, max: number) =>
  z
    .string()
    .default(String(fallback))
    .transform((text, context) => {
      const value = Number(text);
      if (/^\d+$/.test(text) && value >= min && value <= max) return value;
      context.addIssue({ code: 'custom', message: `must be a whole number from ${min} to ${max}, not '${text}'` });
      return z.NEVER;
    });

/** Whether a text is a URL of one of these schemes, `http:`. */
export const isUrlOf = (text: string, schemes: readonly string[]): boolean =>
  URL.canParse(text) && schemes.includes(new URL(text).protocol);

/** A URL of one of these schemes, `http:`. */
export const urlOf = (...schemes: readonly string[]) =>
  z
    .string()
    .refine(
      (text) => isUrlOf(text, schemes),
      `must be a URL that begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`,
    );
