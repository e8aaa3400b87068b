import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MatrixAsked } from '../matrix/part.ts';
import type { Stage } from '../stage.ts';
import { STAGE_FILE } from './load-stage.ts';
import type { ProvidedByCommands } from './provided.ts';

/** A file of this package as it is here: a source in the workspace, built where npm installed it. */
const own = (file: string): string =>
  fileURLToPath(new URL(file + import.meta.url.slice(import.meta.url.lastIndexOf('.')), import.meta.url));

const SEEDS = 1_000_000;

/** What of the failure matrix is asked for. */
export interface AskedMatrix {
  readonly saga?: string;
  /** Cells whose id begins so. */
  readonly cell?: string;
  /** Chosen by chance when it is not said. */
  readonly seed?: number;
}

/** `amends matrix`: the whole failure matrix of every saga, as the tests of the sagas describe it. @returns whether all passed */
export const runMatrix = async (stage: Stage, { saga, cell, seed }: AskedMatrix): Promise<boolean> => {
  const matrix: MatrixAsked = {
    seed: seed ?? Math.floor(Math.random() * SEEDS),
    all: true,
    saga: saga ?? null,
    cell: cell ?? null,
  };
  console.log(`the failure matrix, seed ${matrix.seed}`);
  return runTests(
    {
      include: [`${path.posix.dirname(stage.workflowsFile)}/**/*.test.ts`],
      testNamePattern: `${saga ?? ''}, the failure matrix`,
      // one saga after the other would leave a core idle while its last cells wait
      maxWorkers: 2,
      hookTimeout: 120_000,
    },
    { matrix },
    'There is no such saga, or no such cell.',
  );
};

/** `amends record`: every history that sagas must have, run on real servers and written down. @returns whether all could be recorded */
export const runRecord = ({ saga }: { readonly saga?: string }): Promise<boolean> =>
  runTests(
    {
      include: [own('../histories/record-histories')],
      ...(saga !== undefined && { testNamePattern: `^${saga} ` }),
      reporters: ['verbose'],
      hideSkippedTests: true,
      // most of them wait
      maxConcurrency: 10,
      testTimeout: 180_000,
      hookTimeout: 120_000,
    },
    { stage: STAGE_FILE },
    'There is no such saga.',
  );

const runTests = async (options: object, provide: ProvidedByCommands, none: string): Promise<boolean> => {
  // only these commands need it: it is the application's own
  const { startVitest } = await import('vitest/node');
  const vitest = await startVitest('test', [], {
    config: false,
    watch: false,
    pool: 'forks',
    exclude: [],
    globalSetup: [own('../servers/global-setup')],
    provide,
    ...options,
  });
  const ran = vitest.state.getTestModules().flatMap((module) => [...module.children.allTests()]);
  const nothing = ran.every((test) => test.result().state === 'skipped');
  if (nothing) console.error(none);
  await vitest.close();
  return !nothing && (process.exitCode ?? 0) === 0;
};
