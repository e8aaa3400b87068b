import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../../../testing/src/servers/temporary-folder.ts';
import { sweepBuilds, useBuild } from './sweep-builds.ts';

const TWO_DAYS_AGO = new Date(Date.now() - 48 * 60 * 60 * 1_000);

it('removes builds that nobody used for a day, and none that a living process was started from', async () => {
  const builds = await temporaryFolder();
  const build = async (name: string): Promise<string> => {
    await mkdir(join(builds, name));
    return join(builds, name);
  };
  const age = (folder: string) => utimes(folder, TWO_DAYS_AGO, TWO_DAYS_AGO);
  await age(await build('build-01'));
  await useBuild(await build('build-02'));
  await age(join(builds, 'build-02'));
  const ended = await build('build-03');
  await mkdir(join(ended, 'used-by'));
  await writeFile(join(ended, 'used-by', '99999999'), '');
  await age(ended);
  await build('build-04');
  const again = await build('build-05');
  await age(again);
  await useBuild(again);
  await age(await build('postgres-18'));

  await sweepBuilds(builds);
  expect((await readdir(builds)).toSorted()).toEqual(['build-02', 'build-04', 'build-05', 'postgres-18']);
});
