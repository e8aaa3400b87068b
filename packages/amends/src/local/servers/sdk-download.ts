import { chmod, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inheritedEnvironment } from '@amends/runtime/internal';
import { appFolder } from '../state/folders.ts';
import { ownFile } from '../own-file.ts';
import { StartError } from '../start-error.ts';
import { runProgram } from './run-program.ts';

const SOURCE = 'https://temporal.download';
const PROBE_TIMEOUT_MS = 3_000;
const DOWNLOAD_TIMEOUT_MS = 120_000;
const MAIN = ownFile('sdk-download-main', import.meta.url);
const EVERYONE_MAY_RUN = 0o755;
/** Anything smaller is no Temporal CLI. */
const SMALLEST_PROGRAM_BYTES = 10_000_000;

/**
 * Brings the Temporal CLI of a version into a folder, as the file `program`, by the SDK's own download.
 *
 * @throws StartError with a sentence that says what stood in the way
 */
export const downloadBySdk = async (
  version: string,
  folder: string,
  program: string,
  signal: AbortSignal | undefined,
): Promise<void> => {
  await probe(signal);
  const args = ['--import', 'tsx', MAIN, version, folder];
  const options = { cwd: appFolder(), timeoutMs: DOWNLOAD_TIMEOUT_MS, signal };
  const { code, output, timedOut } = await runProgram(process.execPath, args, options);
  if (timedOut) throw new StartError(`it took longer than ${DOWNLOAD_TIMEOUT_MS / 1_000} seconds.`);
  if (code !== 0) throw new StartError(`${output.split('\n')[0] ?? 'it failed'}.`);
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const { size } = await stat(path);
    if (size < SMALLEST_PROGRAM_BYTES) continue;
    await rename(path, join(folder, program));
    await chmod(join(folder, program), EVERYONE_MAY_RUN);
    return;
  }
  throw new StartError('it left no program behind.');
};

/** A place out of reach is known in seconds; behind a proxy, which this request would not take, it is not asked. */
const probe = async (signal: AbortSignal | undefined): Promise<void> => {
  if (Object.keys(inheritedEnvironment()).some((name) => /^(https?|all)_proxy$/i.test(name))) return;
  const limit = AbortSignal.timeout(PROBE_TIMEOUT_MS);
  try {
    await fetch(SOURCE, {
      method: 'HEAD',
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
  } catch (error) {
    throw new StartError('it is out of reach from here.', { cause: error });
  }
};
