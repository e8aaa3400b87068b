import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const IMPORTED = /^(?:import|export) (?!type )[^;]*?from '([^']+)'/gm;

it('whoever needs the protocol needs no library: workflows take its values', async () => {
  const files = (await readdir(import.meta.dirname)).filter((file) => !file.endsWith('.test.ts'));
  const found = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(import.meta.dirname, file), 'utf8');
      return [...text.matchAll(IMPORTED)].map(([, from]) => `${file} takes ${from}`);
    }),
  );
  expect(files).toContain('keys.ts');
  expect(found.flat().filter((line) => !/ takes \.\/[a-z-]+\.ts$/.test(line))).toEqual([]);
});
