import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { freePorts } from '../../packages/amends/src/local/ports/free-ports.ts';
import { temporaryFolder } from '../../packages/testing/src/servers/temporary-folder.ts';
import { openBank } from './bank.ts';
import { openJournal } from './journal.ts';

const read = async (path: string): Promise<unknown[]> => {
  const entries: unknown[] = [];
  const journal = await openJournal(path, (entry) => entries.push(entry));
  await journal.close();
  return entries;
};

it('is read by nobody else, also when it was there before', async () => {
  const path = join(await temporaryFolder(), 'deep', 'journal.jsonl');
  const modeOf = async () => (await stat(path)).mode & 0o777;
  await read(path);
  expect(await modeOf()).toBe(0o600);
  await chmod(path, 0o644);
  await read(path);
  expect(await modeOf()).toBe(0o600);
});

it('keeps entries in the order of the calls, and a line that was cut off is removed', async () => {
  const path = join(await temporaryFolder(), 'deep', 'journal.jsonl');
  const journal = await openJournal(path, () => undefined);
  await Promise.all(Array.from({ length: 100 }, (_, n) => journal.append({ n, text: 'ü\n' })));
  await journal.close();
  await appendFile(path, '{"n":100,"te');
  const expected = Array.from({ length: 100 }, (_, n) => ({ n, text: 'ü\n' }));
  expect(await read(path)).toEqual(expected);
  const again = await openJournal(path, () => undefined);
  await again.append('after it');
  await again.close();
  expect(await read(path)).toEqual([...expected, 'after it']);
});

it('a line that is broken in the middle is no journal', async () => {
  const path = join(await temporaryFolder(), 'journal.jsonl');
  await writeFile(path, '{"half\n{}\n');
  await expect(read(path)).rejects.toThrow('JSON');
});

it('a card provider that is killed with SIGKILL forgets nothing that it has answered', async () => {
  const folder = await temporaryFolder();
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const start = async () => {
    const env = { PATH: process.env['PATH'], PROVIDER_PORT: String(port), PROVIDER_DIR: folder };
    const child = spawn(process.execPath, ['--import', 'tsx', 'services/card-provider/main.ts'], { env });
    for await (const chunk of child.stdout) if (String(chunk).includes('"msg":"ready"')) break;
    return { child, ended: once(child, 'exit') };
  };
  const hold = async (n: number) => {
    const body = JSON.stringify({ reference: `r-${n}`, amount: n, currency: 'EUR', card: 'tok_ok' });
    const headers = { 'content-type': 'application/json', 'request-reference': `key-${n}` };
    const answer = await fetch(`${url}/holds`, { method: 'POST', headers, body });
    return ((await answer.json()) as { id: string }).id;
  };
  const first = await start();
  const answered = new Map<number, string>();
  const asking = Promise.all(
    Array.from({ length: 8 }, async (_, worker) => {
      for (let n = worker; n < 4_000; n += 8) answered.set(n, await hold(n));
    }),
  );
  await vi.waitFor(() => expect(answered.size).toBeGreaterThan(200), { timeout: 10_000 });
  first.child.kill('SIGKILL');
  await expect(asking).rejects.toThrow('fetch failed');
  await first.ended;
  const known = new Map(answered);

  const second = await start();
  for (const [n, id] of known) expect(await hold(n)).toBe(id);
  second.child.kill('SIGTERM');
  expect(await second.ended).toEqual([0, null]);
  const bank = await openBank(join(folder, 'journal.jsonl'));
  const references = bank.holds().map(({ reference }) => reference);
  expect(new Set(references).size).toBe(references.length);
  await bank.close();
  expect((await readFile(join(folder, 'journal.jsonl'), 'utf8')).endsWith('\n')).toBe(true);
});
