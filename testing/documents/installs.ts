import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const Names = z.record(z.string(), z.string()).default({});
const Entry = z.object({
  link: z.boolean().optional(),
  resolved: z.string().optional(),
  dependencies: Names,
  peerDependencies: Names,
  peerDependenciesMeta: z.record(z.string(), z.object({ optional: z.boolean().optional() })).default({}),
});
const Lock = z.object({ packages: z.record(z.string(), Entry) });

/** Reads `package-lock.json` of the repository. */
export const readLock = async (): Promise<z.output<typeof Lock>['packages']> =>
  Lock.parse(JSON.parse(await readFile('package-lock.json', 'utf8'))).packages;

/**
 * What an application that installs one package of `packages/` gets besides: the packages of npm, peers included, by the folder in which
 * the lock file has them. What is optional (other platforms' binaries) does not count.
 */
export const installedWith = (lock: Awaited<ReturnType<typeof readLock>>, own: string): string[] => {
  const seen = new Set<string>();
  const visit = (folder: string): void => {
    if (seen.has(folder)) return;
    seen.add(folder);
    const { dependencies, peerDependencies, peerDependenciesMeta } = Entry.parse(lock[folder]);
    const peers = Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true);
    for (const name of [...Object.keys(dependencies), ...peers]) visit(folderOf(lock, folder, name));
  };
  visit(`packages/${own}`);
  return [...seen].filter((folder) => !folder.startsWith('packages/')).toSorted();
};

/** As Node finds it: beside, then above. */
const folderOf = (lock: Awaited<ReturnType<typeof readLock>>, from: string, name: string): string => {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const here = path.join(folder === '.' ? '' : folder, 'node_modules', name);
    const found = lock[here];
    if (found !== undefined) return found.link === true ? (found.resolved ?? here) : here;
    if (folder === '.' || folder === '') throw new Error(`${from} needs ${name}, which the lock file does not have`);
  }
};
