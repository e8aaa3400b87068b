import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tripsConfig } from '../../../testing/fixtures/trips-system.ts';
import { temporaryFolder } from '../../../testing/src/servers/temporary-folder.ts';
import { findOrStart } from './find-or-start.ts';
import { newRun } from './state/run-file.ts';
import { systemUrls } from './system-urls.ts';

it('a start that another one overtakes, after it saw that none runs, answers the URLs of the other', async () => {
  const folder = await temporaryFolder();
  const config = tripsConfig({ AMENDS_STATE_DIR: folder });
  const answer = findOrStart(config, { progress: 'quiet', say: () => {} });
  // it has looked by now, and has not claimed the folder yet
  writeFileSync(join(folder, 'run.json'), JSON.stringify({ ...newRun(systemUrls(config)), ready: true }));
  expect(await answer).toEqual({ urls: systemUrls(config) });
});
