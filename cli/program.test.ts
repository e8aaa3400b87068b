import { describe, expect, it } from 'vitest';
import { createProgram, type Commands } from './program.ts';

/** Runs a command line; answers what it would do, or what it says on its way out. */
const run = async (...args: string[]) => {
  const did: unknown[] = [];
  const said: string[] = [];
  const note =
    (name: string): Commands['demo'] & Commands['import'] =>
    (...given: unknown[]) => {
      did.push([name, ...given.slice(0, -1)]);
      return Promise.resolve();
    };
  const program = createProgram({
    demo: note('demo'),
    import: note('import'),
    rebuild: () => note('rebuild')({ exit: false }),
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
  it('takes a demo, and a file with its options', async () => {
    expect((await run('demo', '--exit')).did).toEqual([['demo', { exit: true }]]);
    expect((await run('import', 'day.csv')).did).toEqual([
      ['import', 'day.csv', { stock: 1_000, parallel: 8, patience: 120 }],
    ]);
    expect((await run('import', 'day.csv', '--stock', '5', '--parallel', '2', '--patience', '9')).did).toEqual([
      ['import', 'day.csv', { stock: 5, parallel: 2, patience: 9 }],
    ]);
  });

  it.each([
    [['import'], "missing required argument 'file'"],
    [['import', 'a.csv', '--stock', '-1'], 'It must be a whole number from 0 to'],
    [['import', 'a.csv', '--parallel', '0'], 'It must be a whole number from 1 to 64'],
    [['import', 'a.csv', 'b.csv'], 'too many arguments'],
    [['sell'], "unknown command 'sell'"],
    [['demo', '--quick'], "unknown option '--quick'"],
  ])('does nothing for %j, and says why', async (args, why) => {
    const { did, said } = await run(...args);
    expect(did).toEqual([]);
    expect(said).toContain(why);
  });

  it('explains itself within 80 columns', async () => {
    for (const [args, usage] of [
      [['--help'], 'npm run <demo|import|rebuild> -- [options]'],
      [['demo', '--help'], 'npm run demo -- [options]'],
      [['import', '--help'], 'npm run import -- [options] <file>'],
      [['rebuild', '--help'], 'npm run rebuild -- [options]'],
    ] as const) {
      const { said } = await run(...args);
      expect(said).toContain(`Usage: ${usage}\n`);
      expect(said.split('\n').filter((line) => line.length > 80)).toEqual([]);
    }
  });
});
