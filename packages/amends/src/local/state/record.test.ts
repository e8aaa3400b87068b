import { expect, it, vi } from 'vitest';
import { canMount, smallDisk } from '../../../../testing/fixtures/small-disk.ts';
import { lookAfterDisk } from './look-after-disk.ts';
import { createRecord } from './record.ts';
import { newRun, readRun } from './run-file.ts';

const URLS = { api: 'a', namespace: 'n', services: { flights: 'f', hotels: 'h' } };

it.skipIf(!canMount)('a run file that cannot be written is said, and written when there is space again', async () => {
  const disk = await smallDisk(64);
  const said: string[] = [];
  const report = (sentence: string): void => void said.push(sentence);
  const record = createRecord(disk.folder, report);
  const watch = lookAfterDisk(disk.folder, { report, besides: record.again, everyMs: 20 });
  const run = newRun(URLS);
  record.write(run);
  disk.fill();
  record.write({ ...run, ready: true });
  await vi.waitFor(() => expect(said.join('\n')).toContain('MiB are free on the disk of'));
  expect(said[0]).toMatch(
    /^The run file in .* cannot be written \(ENOSPC.*\)\. The system goes on; it is tried again\.$/,
  );
  await disk.free();
  await vi.waitFor(() => expect(said.join('\n')).toContain('There is space again'));
  await watch.close();
  expect(readRun(disk.folder)).toMatchObject({ ready: true });
  expect(said).toHaveLength(4);
});
