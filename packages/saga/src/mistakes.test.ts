import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

const FOLDER = 'packages/saga/mistakes';
const COMPILE_TIMEOUT_MS = 120_000;

/** What the compiler says, by line. */
const compiled = (): Promise<ReadonlyMap<number, string>> =>
  new Promise((resolve) => {
    execFile('npx', ['tsc', '-p', FOLDER, '--pretty', 'false'], { maxBuffer: 10_000_000 }, (_, stdout) => {
      const said = new Map<number, string>();
      let line = 0;
      for (const text of stdout.split('\n')) {
        const [, at] = /mistakes\.ts\((\d+),\d+\): error/.exec(text) ?? [];
        if (at !== undefined) line = Number(at);
        said.set(line, `${said.get(line) ?? ''}${text}\n`);
      }
      resolve(said);
    });
  });

describe("an author's mistakes are answered in a sentence", { timeout: COMPILE_TIMEOUT_MS }, async () => {
  const lines = (await readFile(`${FOLDER}/mistakes.ts`, 'utf8')).split('\n');
  const expected = lines.flatMap((text, index) => {
    const [, sentence] = /^\s*\/\/ → (.*)$/.exec(text) ?? [];
    return sentence === undefined ? [] : [{ sentence, mistake: lines[index + 1]?.trim() ?? '', line: index + 2 }];
  });
  const said = compiled();

  it.each(expected)('$mistake', async ({ sentence, line }) => {
    expect((await said).get(line) ?? 'nothing').toContain(sentence);
  });
  it('and nothing else is refused', async () => {
    const mistaken = new Set(expected.map(({ line }) => line));
    expect([...(await said)].filter(([line, text]) => text.trim() !== '' && !mistaken.has(line))).toEqual([]);
  });
});
