// Type-checks what the READMEs of the packages show: node packages/gates/readme-snippets.mjs
// Each snippet names its file in the first line; it is laid beside that file in a copy of create-amends' template, which is compiled.
import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageFolders } from '../pack.mjs';
import { ROOT } from './tools.mjs';

const SNIPPET = /^```ts\n\/\/ (\S+\.ts)\n([\s\S]*?)^```$/gm;

/** Every snippet: of which package, for which file, and its text. */
export const readmeSnippets = async () => {
  const found = [];
  for (const name of await packageFolders()) {
    const text = await readFile(join(ROOT, 'packages', name, 'README.md'), 'utf8').catch(() => '');
    for (const [, file, code] of text.matchAll(SNIPPET)) found.push({ name, file, code });
  }
  return found;
};

/** Beside the template's own, so that this is compiled too. */
const besideOwn = (file) => join(dirname(file), `readme-${basename(file)}`);

/** What the compiler says of the template and of these snippets; empty: nothing. */
export const compiled = async (snippets) => {
  const cache = join(ROOT, 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'readmes-'));
  try {
    await cp(join(ROOT, 'packages', 'create-amends', 'template'), folder, { recursive: true });
    for (const { file, code } of snippets) {
      const target = join(folder, besideOwn(file));
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, code);
    }
    return ['.', 'workflows']
      .map((project) => spawnSync('npx', ['tsc', '-p', join(folder, project)], { cwd: ROOT, encoding: 'utf8' }).stdout)
      .join('');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const said = await compiled(await readmeSnippets());
  process.stdout.write(said);
  process.exitCode = said === '' ? 0 : 1;
}
