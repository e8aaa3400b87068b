// `npm run matrix`, optionally `-- --saga returnOrder --seed 7 --cell refundPayment/answer-lost`
import { Command, InvalidArgumentError } from 'commander';
import { startVitest } from 'vitest/node';
import type { MatrixAsked } from '../packages/testing/src/matrix/part.ts';

const SEEDS = 1_000_000;

const wholeNumber = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is no whole number.');
  return Number(text);
};

const { saga, cell, seed } = new Command('npm run matrix --')
  .description('Runs the failure matrix of every saga on a real server, and prints it.')
  .option('--saga <name>', 'only this one')
  .option('--cell <id>', 'only the cells whose id begins so, e.g. refundPayment/answer-lost')
  .option('--seed <number>', 'chooses among equivalent cells, and their order; printed', wholeNumber)
  .parse()
  .opts<{ saga?: string; cell?: string; seed?: number }>();

const asked: MatrixAsked = {
  seed: seed ?? Math.floor(Math.random() * SEEDS),
  all: true,
  saga: saga ?? null,
  cell: cell ?? null,
};
console.log(`the failure matrix, seed ${asked.seed}`);
const file = saga?.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const vitest = await startVitest('test', file === undefined ? [] : [`workflows/${file}.test.ts`], {
  config: 'testing/matrix.config.ts',
  watch: false,
  provide: { matrix: asked },
});
const ran = vitest.state.getTestModules().flatMap((module) => [...module.children.allTests()]);
if (ran.every((test) => test.result().state === 'skipped')) {
  console.error('There is no such saga, or no such cell.');
  process.exitCode = 1;
}
await vitest.close();
