#!/usr/bin/env node
// npm create amends@latest my-app: writes an application into a new folder, and asks nothing.
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const HELP = `Usage: npm create amends@latest [folder]

Writes an application of sagas into the folder (default: my-app), which must be new or empty. The folder's name is the name of
the application: small letters, digits and hyphens, a letter first.`;

/** @returns {never} */
const stop = (words, code = 1) => {
  (code === 0 ? console.log : console.error)(words);
  process.exit(code);
};

const [given = 'my-app', ...more] = process.argv.slice(2);
if (['--help', '-h'].includes(given)) stop(HELP, 0);
if (given.startsWith('-') || more.length > 0) stop(`Give one folder, and no options.\n\n${HELP}`, 2);
const target = resolve(given);
const name = basename(target);
if (!/^[a-z][a-z0-9-]{0,99}$/.test(name))
  stop(
    `${name} cannot be the name of an application. Use small letters, digits and hyphens, a letter first, for example: my-app`,
    2,
  );
const inIt = await readdir(target).catch((error) =>
  error.code === 'ENOENT' ? [] : stop(`${target}: ${error.message}`),
);
if (inIt.length > 0) stop(`${target} is not empty. Choose another folder: nothing has been written.`);

const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
await mkdir(target, { recursive: true });
const template = fileURLToPath(new URL('../template', import.meta.url));
for (const file of await readdir(template, { recursive: true, withFileTypes: true })) {
  if (!file.isFile()) continue;
  const from = join(file.parentPath, file.name);
  // npm keeps neither a .gitignore nor a second package.json in a package
  const to = join(
    target,
    relative(template, file.parentPath),
    file.name.replace(/^_(package\.json)$/, '$1').replace(/^_(gitignore|npmrc)$/, '.$1'),
  );
  await cp(from, to);
  if (/\.(json|md|yml)$|^Dockerfile$/.test(file.name)) {
    const text = await readFile(to, 'utf8');
    await writeFile(to, text.replaceAll('my-app', name).replaceAll('{{version}}', version));
  }
}
console.log(
  `${name} is written. Now:\n\n  cd ${relative(process.cwd(), target) || '.'}\n  npm install\n  npm start\n\nnpm test runs its tests; README.md says where everything is.`,
);
