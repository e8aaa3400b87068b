import type { Command } from 'commander';
import type { MatrixOptions, RecordOptions } from '../testing/run-testing.ts';
import { wholeNumber } from './whole-number.ts';

/** What is generated from an application, and the tests that it has without writing any. */
export interface TestingCommands {
  readonly catalog: (options: { readonly check?: boolean }) => Promise<void>;
  readonly asyncapi: (options: { readonly check?: boolean }) => Promise<void>;
  readonly record: (options: RecordOptions) => Promise<void>;
  readonly matrix: (options: MatrixOptions) => Promise<void>;
}

const SEED_MAX = 999_999_999;
const CHECK = ['--check', 'write nothing, and fail when a file is not up to date'] as const;

/** They read the application by its testing/stage.ts. */
export const addTestingCommands = (program: Command, commands: TestingCommands): void => {
  program
    .command('catalog')
    .summary('write contracts/catalog.json: what each saga does')
    .description(
      'Rehearses every saga and writes what its definition says, with its diagram: workers and API read it. To be run whenever ' +
        'a definition has changed.',
    )
    .option(...CHECK)
    .action(commands.catalog);

  program
    .command('asyncapi')
    .summary('write contracts/asyncapi.json and published.json: the events')
    .description(
      'Writes every event of the contracts as AsyncAPI, and adds new versions to contracts/published.json, which is the memory ' +
        'of what was published. Fails when a version that was published has changed or is gone.',
    )
    .option(...CHECK)
    .action(commands.asyncapi);

  program
    .command('record')
    .summary('record the histories of every path of every saga')
    .description(
      'Runs every path of every saga on real servers, and writes its history beside the workflows: a test replays them, so that ' +
        'a change that open sagas would not survive is found.',
    )
    .option('--saga <name>', 'only those of this saga')
    .action(commands.record);

  program
    .command('matrix')
    .summary('run the failure matrix of every saga')
    .description(
      'Has everything go wrong with every step of every saga, on real servers against the real services, and prints a table.',
    )
    .option('--saga <name>', 'only this one')
    .option('--cell <id>', 'only the cells whose id begins so, e.g. refundPayment/answer-lost')
    .option('--seed <number>', 'chooses among equivalent cells, and their order; printed', wholeNumber(0, SEED_MAX))
    .action(commands.matrix);
};
