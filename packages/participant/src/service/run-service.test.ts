import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { freshDatabase } from '../../../testing/src/servers/database.ts';
import { freePorts } from '../../../amends/src/local/ports/free-ports.ts';
import { temporaryFolder } from '../../../testing/src/servers/temporary-folder.ts';

const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const RUN_SERVICE = pathToFileURL(resolve('packages/participant/src/service/run-service.ts')).href;
const SERVICE = `import { runService } from '${RUN_SERVICE}';
await runService('points', () => ({ app: { fetch: () => new Response('points are here') } }));`;

/** The repository of one service, which is no part of any system; `asked` is what its process answers once it is ready. */
const runAlone = async (env: Readonly<Record<string, string>>) => {
  const cwd = await temporaryFolder();
  await mkdir(join(cwd, 'migrations', 'meta'), { recursive: true });
  const journal = { version: '7', dialect: 'postgresql', entries: [] };
  await writeFile(join(cwd, 'migrations', 'meta', '_journal.json'), JSON.stringify(journal));
  const child = spawn(process.execPath, ['--import', TSX, '--input-type=module', '--eval', SERVICE], {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
  });
  const ended = once(child, 'exit');
  let output = '';
  let asked: string | undefined;
  for await (const chunk of child.stdout) {
    output += String(chunk);
    if (asked !== undefined || !output.includes('"msg":"ready"')) continue;
    asked = await (await fetch(`http://127.0.0.1:${env['PORT']}`)).text();
    child.kill('SIGTERM');
  }
  const [code] = (await ended) as [number];
  return { code, asked, output };
};

it('a service without a system listens on PORT, and its migrations are those of its own repository', async () => {
  const database = await freshDatabase();
  const [port] = await freePorts(1);
  const { output, ...ended } = await runAlone({ PORT: String(port), DATABASE_URL: database.url });
  expect(ended, output).toEqual({ code: 0, asked: 'points are here' });
  await database.drop();
});

it.each([
  [{ DATABASE_URL: 'postgresql://localhost/points' }, 'PORT, or POINTS_PORT, must say where it listens.'],
  [{ PORT: '7991' }, 'DATABASE_URL must name the database of points.'],
])('a service that is told too little does not start, and says what is missing: %j', async (env, sentence) => {
  expect(await runAlone(env)).toMatchObject({ code: 1, output: expect.stringContaining(sentence) as string });
});
