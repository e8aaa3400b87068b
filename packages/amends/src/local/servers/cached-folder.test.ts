import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../../../testing/src/servers/temporary-folder.ts';
import { cachedFolder } from './cached-folder.ts';

/** No process has this id: it is above what Linux gives. */
const NO_PROCESS = 2 ** 22 + 1;

const fill = (text: string) => (folder: string) => writeFile(join(folder, 'program'), text);

it('is filled once', async () => {
  const cache = await temporaryFolder();
  await cachedFolder(cache, 'server-1', fill('first'));
  const folder = await cachedFolder(cache, 'server-1', fill('second'));
  expect(await readFile(join(folder, 'program'), 'utf8')).toBe('first');
});

it('two at once both get the whole folder', async () => {
  const cache = join(await temporaryFolder(), 'not', 'there', 'yet');
  const [one, other] = await Promise.all([
    cachedFolder(cache, 'server-1', fill('text')),
    cachedFolder(cache, 'server-1', fill('text')),
  ]);
  expect(one).toBe(other);
  expect(await readdir(cache)).toEqual(['server-1']);
});

it('a fetch that fails leaves nothing under the name, and nothing half-fetched', async () => {
  const cache = await temporaryFolder();
  const failing = cachedFolder(cache, 'server-1', async (folder) => {
    await fill('half')(folder);
    throw new Error('the line broke');
  });
  await expect(failing).rejects.toThrow('the line broke');
  expect(await readdir(cache)).toEqual([]);
});

it('what a killed start left half-fetched is swept, what a living one fetches is not', async () => {
  const cache = await temporaryFolder();
  const dead = join(cache, `server-1.${NO_PROCESS}.half`);
  const living = join(cache, `server-1.${process.ppid}.half`);
  await mkdir(dead);
  await mkdir(living);
  await cachedFolder(cache, 'server-1', fill('whole'));
  expect(existsSync(dead)).toBe(false);
  expect(existsSync(living)).toBe(true);
});
