import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createLog } from '../../runtime/src/log.ts';
import { temporaryFolder } from '../../testing/src/servers/temporary-folder.ts';
import { BUILT_BUNDLE, builtBundle, workflowBundle } from './workflow-bundle.ts';

it('a bundle is made anew when anything that it holds changes, wherever that lies', { timeout: 60_000 }, async () => {
  const root = await temporaryFolder();
  const engine = join(root, 'node_modules', 'engine');
  for (const folder of ['workflows', 'contracts', 'node_modules', engine]) await mkdir(resolve(root, folder));
  await symlink(join(process.cwd(), 'node_modules', '@temporalio'), join(root, 'node_modules', '@temporalio'));
  await writeFile(
    join(root, 'workflows', 'index.ts'),
    "import { word } from '../contracts/word.ts';\nimport { part } from 'engine';\nexport const say = async () => word + part;\n",
  );
  const bundleOf = async (word: string, part: string): Promise<string> => {
    await writeFile(join(root, 'contracts', 'word.ts'), `export const word = '${word}';\n`);
    await writeFile(join(engine, 'index.js'), `exports.part = '${part}';\n`);
    return (await workflowBundle(createLog('test', 'silent'), 'workflows/index.ts', root)).code;
  };
  expect(await bundleOf('the-first-word', 'the-first-engine')).toContain('the-first-word');
  expect(await bundleOf('another-word', 'the-first-engine')).toContain('another-word');
  expect(await bundleOf('another-word', 'another-engine')).toContain('another-engine');
});

it('a built worker takes the workflows that were built beside it, one that runs from its sources has none', async () => {
  const [, main] = process.argv;
  onTestFinished(() => {
    process.argv[1] = main ?? '';
  });
  const folder = await temporaryFolder();
  process.argv[1] = join(folder, 'main.js');
  expect(await builtBundle()).toBeUndefined();
  await writeFile(join(folder, BUILT_BUNDLE), 'the workflows');
  expect(await builtBundle()).toEqual({ code: 'the workflows', sourceMap: '' });
});
