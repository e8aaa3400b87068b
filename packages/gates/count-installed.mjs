import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run, runBeside } from './tools.mjs';

/** Who installs what, and what must not come with it. */
const INSTALLED = {
  '@amends/participant': { who: 'a service that takes part', without: /^@temporalio\// },
  '@amends/api': { who: 'an API', without: /^(webpack|esbuild|@swc\/core|@temporalio\/worker)$/ },
  '@amends/saga': { who: 'an author of sagas', without: /^(@temporalio\/(worker|client)|webpack)$/ },
  '@amends/worker': { who: 'a worker', without: /^drizzle-kit$/ },
};

/** Installs each alone; answers a line for each. @throws Error when something comes with it that must not */
export const countInstalled = (folder, env) =>
  Promise.all(
    Object.entries(INSTALLED).map(async ([name, { who, without }]) => {
      const alone = join(folder, name.replace(/\W+/g, '-'));
      await mkdir(alone, { recursive: true });
      await writeFile(join(alone, 'package.json'), JSON.stringify({ private: true, dependencies: { [name]: '*' } }));
      const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
      await runBeside('npm', install, { cwd: alone, env });
      const { packages } = JSON.parse(await readFile(join(alone, 'node_modules', '.package-lock.json'), 'utf8'));
      const names = Object.keys(packages).map((path) => path.split('node_modules/').at(-1));
      const unwanted = [...new Set(names.filter((each) => without.test(each)))];
      if (unwanted.length > 0) throw new Error(`${name} installs ${unwanted.join(', ')}`);
      const megabytes = Math.round(Number(run('du', ['-sk', alone]).split('\t')[0]) / 1_024);
      return `${who} (${name}): ${names.length} packages, ${megabytes} MB`;
    }),
  );
