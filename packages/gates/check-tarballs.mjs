// What is asked of the packages as npm gets them: node packages/gates/check-tarballs.mjs [folder to pack into]
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packAll, packageFolders } from '../pack.mjs';
import { ROOT, run, runBeside, toolOf, toolsFolder } from './tools.mjs';

/** A path into a package of Temporal's that Node cannot resolve: tsc writes it where a type was inferred. */
const INTO_TEMPORAL = /import\("@temporalio\/[a-z]*\/lib[^"]*"\)/;

const hasExports = (tarball) =>
  JSON.parse(run('tar', ['-xzOf', tarball, 'package/package.json'])).exports !== undefined;

/** A compiler each. */
const CHECKS_AT_ONCE = 2;

/** One text for each thing that is wrong with the tarballs. */
export const wrongWith = async (tarballs, tools) => {
  const checks = tarballs.flatMap((tarball) => [
    { tarball, tool: 'publint', args: ['run', tarball, '--strict'] },
    // what exports nothing has no types
    ...(hasExports(tarball)
      ? [{ tarball, tool: 'attw', args: [tarball, '--profile', 'esm-only', '--no-emoji', '--no-color'] }]
      : []),
  ]);
  const wrong = [];
  const checkTheNext = async () => {
    for (let next = checks.pop(); next !== undefined; next = checks.pop()) {
      const { tool, args, tarball } = next;
      await runBeside(toolOf(tools, tool), args, { cwd: tools }).catch((error) => {
        wrong.push(`${tool} of ${basename(tarball)}:\n${error.message}`);
      });
    }
  };
  await Promise.all(Array.from({ length: CHECKS_AT_ONCE }, checkTheNext));
  return wrong;
};

/** The same of the declarations that tsc has made. */
export const wrongDeclarations = async () => {
  const wrong = [];
  for (const name of await packageFolders()) {
    const dist = join(ROOT, 'packages', name, 'dist');
    const files = await readdir(dist, { recursive: true }).catch(() => []);
    for (const file of files.filter((each) => each.endsWith('.d.ts'))) {
      const [path] = INTO_TEMPORAL.exec(await readFile(join(dist, file), 'utf8')) ?? [];
      if (path !== undefined) wrong.push(`packages/${name}/dist/${file}: ${path}: annotate what it is inferred from`);
    }
  }
  return wrong;
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const folder = process.argv[2] ?? (await mkdtemp(join(tmpdir(), 'amends-tarballs-')));
  try {
    const tarballs = await packAll(folder, { say: console.log });
    const wrong = [...(await wrongWith(tarballs, await toolsFolder())), ...(await wrongDeclarations())];
    console.log(
      wrong.length === 0 ? `${tarballs.length} tarballs: publint, attw, declarations: good` : wrong.join('\n'),
    );
    process.exitCode = wrong.length === 0 ? 0 : 1;
  } finally {
    if (process.argv[2] === undefined) await rm(folder, { recursive: true, force: true });
  }
}
