import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createLog } from '../../runtime/src/log.ts';
import { temporaryFolder } from '../../../testing/temporary-folder.ts';
import { workflowBundle } from './workflow-bundle.ts';

it('a bundle is made anew when anything that it holds changes, wherever that lies', { timeout: 60_000 }, async () => {
  const root = await temporaryFolder();
  for (const folder of ['workflows', 'contracts', 'node_modules']) await mkdir(join(root, folder));
  await symlink(join(process.cwd(), 'node_modules', '@temporalio'), join(root, 'node_modules', '@temporalio'));
  await cp('package-lock.json', join(root, 'package-lock.json'));
  await writeFile(
    join(root, 'workflows', 'index.ts'),
    "import { word } from '../contracts/word.ts';\nexport const say = async () => word;\n",
  );
  const bundleOf = async (word: string): Promise<string> => {
    await writeFile(join(root, 'contracts', 'word.ts'), `export const word = '${word}';\n`);
    return (await workflowBundle(createLog('test', 'silent'), 'workflows/index.ts', root)).code;
  };
  expect(await bundleOf('the-first-word')).toContain('the-first-word');
  expect(await bundleOf('another-word')).toContain('another-word');
});
