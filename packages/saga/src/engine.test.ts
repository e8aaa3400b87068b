import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';

const FOLDER = path.resolve(import.meta.dirname);
const LINES_MAX = 300;

const sources = await Promise.all(
  (await readdir(FOLDER, { recursive: true }))
    .filter((name) => name.endsWith('.ts') && !/\.(test|test-d|d)\.ts$/.test(name))
    .map(async (name) => ({ name, text: await readFile(path.join(FOLDER, name), 'utf8') })),
);

const withoutComments = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');

/** The protocol, and the workflow SDK with what it shares with clients. */
const VALUES = ['@amends/contracts/protocol', '@temporalio/common', '@temporalio/workflow'];

const isOwn = (name: string, from: string): boolean =>
  from.startsWith('.') && !path.relative(FOLDER, path.join(FOLDER, path.dirname(name), from)).startsWith('..');

it('S19: the engine imports nothing but the workflow SDK, itself, the protocol, and types of the contracts', () => {
  expect(sources.length).toBeGreaterThan(60);
  for (const { name, text } of sources) {
    for (const [line, from = ''] of text.matchAll(/^(?:import|export) [^;]*? from '([^']+)';/gm)) {
      const contract = /^@amends\/contracts(?:\/internal)?$/.test(from) && line.startsWith('import type ');
      const allowed = isOwn(name, from) || contract || VALUES.includes(from);
      expect(allowed, `${name}: ${line}`).toBe(true);
    }
    expect(withoutComments(text), name).not.toMatch(/\bimport\(|\brequire\(/);
  }
});

it('the engine knows no business', () => {
  const words = /order|payment|stock|parcel|shipment|shop|customer|invoice|inventor|warehouse|refund/i;
  for (const { name, text } of sources) expect(words.exec(withoutComments(text))?.[0] ?? null, name).toBeNull();
});

it('no file of the engine is over 300 lines', () => {
  for (const { name, text } of sources) expect(text.split('\n').length, name).toBeLessThanOrEqual(LINES_MAX);
});
