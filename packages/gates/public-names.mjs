// Writes packages/public-names.json: every name that an application can import. node packages/gates/public-names.mjs [--check]
// A name that leaves the list, or changes from a value to a type, needs a major version; one that joins it a minor one.
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageFolders } from '../pack.mjs';
import { ROOT } from './tools.mjs';

const FILE = join(ROOT, 'packages', 'public-names.json');
/** What the packages use of one another, and what a command is made of: no promise is made of it. */
const NOT_PUBLIC = ['./internal', './main'];

const LISTS = /^export (type )?\{([^}]*)\}/gm;
const DECLARED = /^export (?:declare )?(?:async )?(const|function|class|interface|type) (\w+)/gm;
const TABLES = /^export \* from '(\.[^']+)'/gm;

const ofList = (list, all) =>
  list
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map((each) => {
      const name = each.replace(/^type /, '').replace(/^.* as /, '');
      return all || each.startsWith('type ') ? `type ${name}` : name;
    });

/** What one source file exports; values first. */
const namesIn = async (file) => {
  const text = await readFile(file, 'utf8');
  const listed = [...text.matchAll(LISTS)].flatMap(([, all, list]) => ofList(list, all !== undefined));
  const declared = [...text.matchAll(DECLARED)].map(([, kind, name]) =>
    kind === 'interface' || kind === 'type' ? `type ${name}` : name,
  );
  const byDefault = /^export default /m.test(text) ? ['default'] : [];
  const through = await Promise.all([...text.matchAll(TABLES)].map(([, to]) => namesIn(join(dirname(file), to))));
  return [...listed, ...declared, ...byDefault, ...through.flat()];
};

const order = (a, b) => Number(a.startsWith('type ')) - Number(b.startsWith('type ')) || (a < b ? -1 : 1);

/** The file's text, as the sources have it. */
export const publicNames = async () => {
  const names = {};
  for (const folder of await packageFolders()) {
    const { name, exports = {} } = JSON.parse(await readFile(join(ROOT, 'packages', folder, 'package.json'), 'utf8'));
    for (const [path, source] of Object.entries(exports)) {
      if (NOT_PUBLIC.includes(path) || source.endsWith('.d.ts')) continue;
      const found = await namesIn(join(ROOT, 'packages', folder, source));
      names[path === '.' ? name : name + path.slice(1)] = [...new Set(found)].toSorted(order);
    }
  }
  return `${JSON.stringify(names, null, 2)}\n`;
};

export const recordedNames = () => readFile(FILE, 'utf8').catch(() => '');

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const now = await publicNames();
  if (process.argv[2] !== '--check') await writeFile(FILE, now);
  else if (now !== JSON.stringify(JSON.parse(await recordedNames()), null, 2) + '\n') {
    console.error(
      'packages/public-names.json is not what the packages export: node packages/gates/public-names.mjs writes it anew',
    );
    process.exitCode = 1;
  }
}
