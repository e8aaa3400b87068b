import { describe, expect, it } from 'vitest';
import { createProgram, type Commands } from './program.ts';

/** Runs a command line; answers what it would do, or what it says on its way out. */
const run = async (...args: string[]) => {
  const did: unknown[] = [];
  const said: string[] = [];
  const note =
    (name: string): Commands[keyof Commands] & (() => Promise<void>) =>
    (...given: unknown[]) => {
      did.push([name, ...given.slice(0, -1)]);
      return Promise.resolve();
    };
  const program = createProgram({
    start: note('start'),
    build: note('build'),
    compose: note('compose'),
    conform: note('conform'),
    catalog: note('catalog'),
    asyncapi: note('asyncapi'),
    record: note('record'),
    matrix: note('matrix'),
  });
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .configureOutput({ writeOut: (text) => said.push(text), writeErr: (text) => said.push(text) });
  }
  await program.parseAsync(args, { from: 'user' }).catch((error: Error) => said.push(error.message));
  return { did, said: said.join('') };
};

describe('the command line', () => {
  it('takes a start and a build, and a file to conform to with its options', async () => {
    expect((await run('start')).did).toEqual([['start']]);
    expect((await run('build')).did).toEqual([['build']]);
    expect((await run('compose')).did).toEqual([['compose', {}]]);
    expect((await run('compose', '--check')).did).toEqual([['compose', { check: true }]]);
    expect((await run('catalog', '--check')).did).toEqual([['catalog', { check: true }]]);
    expect((await run('asyncapi')).did).toEqual([['asyncapi', {}]]);
    expect((await run('record', '--saga', 'bookTrip')).did).toEqual([['record', { saga: 'bookTrip' }]]);
    expect((await run('matrix', '--seed', '7', '--cell', 'a/b')).did).toEqual([['matrix', { seed: 7, cell: 'a/b' }]]);
    expect((await run('conform', 'a.yaml')).did).toEqual([
      ['conform', 'a.yaml', { json: false, timeout: 10, patience: 20 }],
    ]);
    expect((await run('conform', 'a.yaml', '--url', 'http://a:1', '--token-from', 'T', '--json')).did).toEqual([
      ['conform', 'a.yaml', { url: 'http://a:1', tokenFrom: 'T', json: true, timeout: 10, patience: 20 }],
    ]);
  });

  it.each([
    [['conform'], "missing required argument 'file'"],
    [['conform', 'a.yaml', '--url', 'ftp://x'], 'It must be a URL that begins with http://'],
    [['conform', 'a.yaml', '--token-from', 'a secret'], 'not the token itself'],
    [['start', 'now'], 'too many arguments'],
    [['sell'], "unknown command 'sell'"],
    [['build', '--quick'], "unknown option '--quick'"],
  ])('does nothing for %j, and says why', async (args, why) => {
    const { did, said } = await run(...args);
    expect(did).toEqual([]);
    expect(said).toContain(why);
  });

  it('explains itself within 80 columns', async () => {
    for (const [args, usage] of [
      [['--help'], 'amends [options] [command]'],
      [['start', '--help'], 'amends start [options]'],
      [['build', '--help'], 'amends build [options]'],
      [['compose', '--help'], 'amends compose [options]'],
      [['conform', '--help'], 'amends conform [options] <file>'],
    ] as const) {
      const { said } = await run(...args);
      expect(said).toContain(`Usage: ${usage}\n`);
      expect(said.split('\n').filter((line) => line.length > 80)).toEqual([]);
    }
  });
});
