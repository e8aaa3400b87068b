import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Errand } from '../processes/errand.ts';
import { StartError } from '../start-error.ts';
import { cachedFolder } from './cached-folder.ts';
import { isAtLeast, programVersion } from './program-version.ts';

/** A server program and the places it may come from, the first that has it. */
export interface WantedProgram {
  /** As a person calls it: `Temporal CLI`. */
  readonly title: string;
  /** As it is called on `PATH`: `temporal`. */
  readonly program: string;
  readonly minimum: string;
  /** The variable that names a program to take, and its value; a wrong one stops the start. */
  readonly variable: string;
  readonly path: string | undefined;
  readonly cache: string;
  /** Where it is fetched from, in this order: each fills a folder with the file `program`, or throws why it cannot. */
  readonly sources: readonly {
    readonly title: string;
    readonly fetch: (folder: string, signal: AbortSignal | undefined) => Promise<void>;
  }[];
  /** What a person can do when no place has it. */
  readonly wayOut: string;
}

/**
 * The path of a server program of at least the minimum version: what the variable names, else `PATH`, else the cache, else
 * fetched. Every place that is passed over is reported in a sentence.
 *
 * @throws StartError when the variable names a wrong one, or no place has it
 */
export const findProgram = async (wanted: WantedProgram, errand: Errand): Promise<string> => {
  const { title, program, minimum, variable, path } = wanted;
  if (path !== undefined) {
    const version = await programVersion(path);
    if (version === undefined)
      throw new StartError(`${variable} names '${path}', which is no ${title} that runs here.`);
    if (isAtLeast(version, minimum)) return path;
    throw new StartError(`${variable} names ${title} ${version}; at least ${minimum} is needed.`);
  }
  const installed = await programVersion(program);
  if (installed !== undefined) {
    if (isAtLeast(installed, minimum)) return program;
    errand.report(`${title} ${installed} on PATH is passed over: at least ${minimum} is needed.`);
  }
  const fileName = process.platform === 'win32' ? `${program}.exe` : program;
  const folder = await cachedFolder(wanted.cache, `${program}-${minimum}`, (half) =>
    fetchFromFirst(wanted, half, fileName, errand),
  );
  const found = join(folder, fileName);
  if ((await programVersion(found)) !== undefined) return found;
  throw new StartError(`${found} does not run here. Remove its folder and start again, or ${wanted.wayOut}.`);
};

const fetchFromFirst = async (
  { title, sources, wayOut }: WantedProgram,
  folder: string,
  fileName: string,
  { report, signal }: Errand,
): Promise<void> => {
  const reasons: string[] = [];
  for (const source of sources) {
    report(`fetching ${title} from ${source.title} …`);
    try {
      await source.fetch(folder, signal);
      if (existsSync(join(folder, fileName))) return;
      throw new StartError(`it brought no ${fileName}.`);
    } catch (error) {
      signal?.throwIfAborted();
      const reason = `${source.title}: ${(error as Error).message}`;
      reasons.push(reason);
      report(reason);
    }
  }
  throw new StartError(`${title} is nowhere to be had. ${reasons.join(' ')} Or ${wayOut}.`);
};
