// `npm run bench`: what a saga costs, side by side with the same process written by hand.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { wholeNumber } from '../packages/amends/src/cli/whole-number.ts';
import { onOwnShop } from '../testing/soak/command.ts';
import { CASES, type Case } from './cases.ts';
import { plotOf } from './plot.ts';
import { type Plan, runBench } from './run-bench.ts';
import { tablesOf } from './table.ts';
import { VARIANT, VARIANTS, type VariantName } from './variants.ts';

const OUT = 'node_modules/.cache/bench';
const AT_ONCE = [1, 20, 100];
const AT_ONCE_MAX = 500;
const ROUNDS = 7;
const ROUNDS_MAX = 100;
const SAGAS_MAX = 10_000;

/** What two minutes are enough for. */
const QUICK: Plan = {
  cases: ['happy', 'refused'],
  variants: ['by-hand', 'amends'],
  atOnce: [20],
  rounds: 2,
  sagas: 60,
};

interface Options {
  readonly quick: boolean;
  readonly case: readonly Case[];
  readonly variant: readonly VariantName[];
  readonly atOnce: readonly number[];
  readonly rounds: number;
  readonly sagas?: number;
  readonly out: string;
}

const numberAtOnce = wholeNumber(1, AT_ONCE_MAX);
/** Of what is given the first takes the place of the default. */
const numbersAtOnce = (text: string, before: readonly number[]): readonly number[] =>
  before === AT_ONCE ? [numberAtOnce(text)] : [...before, numberAtOnce(text)];

const command = new Command('npm run bench --')
  .description(
    'Starts a whole system of its own on free ports, and beside it the same order process written by hand, and measures them in turns. ' +
      'What it finds is written to table.md, plot.svg and result.json.',
  )
  .option('--quick', 'in two minutes: happy and refused, 20 at once, by hand and Amends, 2 rounds', false)
  .addOption(new Option('--case <case...>', 'what becomes of the orders').choices(CASES).default(CASES))
  .addOption(new Option('--variant <variant...>', 'what is measured').choices(VARIANTS).default(VARIANTS))
  .option('--at-once <number...>', `how many are in progress at once, up to ${AT_ONCE_MAX}`, numbersAtOnce, AT_ONCE)
  .option('--rounds <number>', 'how often each is measured', wholeNumber(1, ROUNDS_MAX), ROUNDS)
  .option(
    '--sagas <number>',
    'how many in one round of one; default by how many are at once',
    wholeNumber(1, SAGAS_MAX),
  )
  .option('--out <folder>', 'where the results are written', OUT)
  .addHelpText(
    'after',
    `
Variants:
${VARIANTS.map((name) => `  ${name.padEnd(10)} ${VARIANT[name].title} (${VARIANT[name].cases.join(', ')})`).join('\n')}

Ends with 0 when all was measured; 1 when something cannot be run, an option is wrong, or a saga did not end as it must; 130 after Ctrl-C.
`,
  )
  .parse();

const planOf = (options: Options): Plan => {
  const { quick, case: cases, variant: variants, rounds, sagas } = options;
  const given = { cases, variants, atOnce: options.atOnce, rounds, sagas };
  if (!quick) return given;
  const isGiven = (name: string): boolean => command.getOptionValueSource(name) === 'cli';
  return {
    cases: isGiven('case') ? cases : QUICK.cases,
    variants: isGiven('variant') ? variants : QUICK.variants,
    atOnce: isGiven('atOnce') ? given.atOnce : QUICK.atOnce,
    rounds: isGiven('rounds') ? rounds : QUICK.rounds,
    sagas: sagas ?? QUICK.sagas,
  };
};

const options = command.opts<Options>();
const plan = planOf(options);

await onOwnShop(
  async (stage) => {
    const found = await runBench(plan, stage);
    const report = { ...found, command: ['npm run bench --', ...process.argv.slice(2)].join(' ') };
    const tables = tablesOf(report);
    await mkdir(options.out, { recursive: true });
    await writeFile(join(options.out, 'result.json'), `${JSON.stringify(report, null, 2)}\n`);
    await writeFile(join(options.out, 'table.md'), tables);
    await writeFile(join(options.out, 'plot.svg'), plotOf(report));
    stage.screen.line(`\n${tables}\nWritten to ${options.out}: table.md, plot.svg, result.json`);
    return true;
  },
  (sentence) => console.error(sentence),
);
