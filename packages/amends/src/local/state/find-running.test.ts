import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tripsConfig } from '../../../../testing/fixtures/trips-system.ts';
import { temporaryFolder } from '../../../../testing/src/servers/temporary-folder.ts';
import { findRunning } from './find-running.ts';
import { newRun } from './run-file.ts';
import { systemUrls } from '../system-urls.ts';

const SEVERAL_LOOKS_MS = 700;

/** A state folder in which a start (this process) is under way, or has become ready. */
const started = async (ready: boolean) => {
  const folder = await temporaryFolder();
  const write = (isReady: boolean) =>
    writeFile(join(folder, 'run.json'), JSON.stringify({ ...newRun(systemUrls(tripsConfig({}))), ready: isReady }));
  await write(ready);
  return { config: tripsConfig({ AMENDS_STATE_DIR: folder }), becomeReady: () => write(true) };
};

it('answers the URLs of a system that runs, and says nothing', async () => {
  const { config } = await started(true);
  const said: string[] = [];
  expect(await findRunning(config, { say: (sentence) => said.push(sentence) })).toEqual(systemUrls(config));
  expect(said).toEqual([]);
});

it('says once that it waits for a start that is under way', async () => {
  const { config, becomeReady } = await started(false);
  const said: string[] = [];
  setTimeout(() => void becomeReady(), SEVERAL_LOOKS_MS);
  expect(await findRunning(config, { say: (sentence) => said.push(sentence) })).toEqual(systemUrls(config));
  expect(said).toEqual([`Process ${process.pid} is starting this system: waiting until it is ready.`]);
});

it('stops waiting when it is interrupted', async () => {
  const { config } = await started(false);
  const signal = AbortSignal.timeout(SEVERAL_LOOKS_MS);
  await expect(findRunning(config, { say: () => {}, signal })).rejects.toThrow(/abort/i);
});
