/** A block of code that a document takes from a file of the repository: `<!-- from <file> -->` stands above it. */
export interface ShownCode {
  readonly file: string;
  readonly language: string;
  readonly code: string;
}

export const shownCodeIn = (text: string): ShownCode[] =>
  [...text.matchAll(/^<!-- from (\S+) -->\n\n```(\w+)\n([^]*?)^```$/gm)].map(
    ([, file = '', language = '', code = '']) => ({ file, language, code }),
  );

/** Without the indentation, which differs where a part of a function is shown. */
export const unindented = (code: string): string =>
  code
    .trim()
    .split('\n')
    .map((line) => line.trim())
    .join('\n');
