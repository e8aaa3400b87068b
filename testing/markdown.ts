/** The cells of a table's rows, by the names of its columns. `first`: the name of its first column. @throws Error when there is none */
export const tableOf = (text: string, first: string): Readonly<Record<string, string>>[] => {
  const lines = text.split('\n');
  const head = lines.findIndex((line) => line.startsWith('|') && cellsOf(line)[0] === first);
  if (head === -1) throw new Error(`no table begins with ${first}`);
  const names = cellsOf(lines[head] ?? '');
  const end = lines.findIndex((line, n) => n > head && !line.startsWith('|'));
  return lines.slice(head + 2, end === -1 ? undefined : end).map((line) => {
    const cells = cellsOf(line);
    return Object.fromEntries(names.map((name, n) => [name, cells[n] ?? '']));
  });
};

const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

/** A block of code, in the language that it names. */
export interface CodeBlock {
  readonly language: string;
  readonly code: string;
}

export const codeBlocksOf = (text: string): CodeBlock[] =>
  [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, language = '', code = '']) => ({ language, code }));

/** What stands under a heading, up to the next one of any level. */
export const sectionOf = (text: string, heading: string): string => {
  const [, section] = text.split(new RegExp(`^#+ ${heading}$`, 'm'));
  if (section === undefined) throw new Error(`there is no section ${heading}`);
  return section.split(/^#+ /m)[0] ?? '';
};
