import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { SagaWorkflow, Steps } from '@amends/saga';
import { type Cell, cellsOf } from './matrix/cells.ts';
import { FIXED_PART, partOf } from './matrix/part.ts';
import { type CellResult, runCells, wrongAfterAll } from './matrix/run-cells.ts';
import { type OpenStage, openStage } from './matrix/open-stage.ts';
import { tableOf } from './matrix/table.ts';
import { brokenOn, changingInputs } from './rehearsal/broken-rules.ts';
import { everySaga } from './rehearsal/every-saga.ts';
import type { RehearsedSaga } from './rehearsal/rehearsed-saga.ts';
import { unlikeContracts } from './rehearsal/unlike-contracts.ts';
import { unreachedOn } from './rehearsal/unreached.ts';
import { waysThrough } from './rehearsal/ways.ts';
import type { Stage } from './stage.ts';

/** The longest that a cell, or all that are before it, may take. */
const CELLS_TIMEOUT_MS = 600_000;
/** Databases, a namespace and a worker process, on a machine that is busy with others. */
const START_TIMEOUT_MS = 120_000;

/**
 * The tests that a saga has without its author writing any: it is rehearsed on every path, and its failure matrix is run on the real server
 * against the real services. `npm test` runs a fixed part of the matrix, `amends matrix` all of it. To be called once in the saga's test:
 * `describeSaga(bookTrip, stage)`.
 *
 * @param stage what the application's `testing/stage.ts` exports
 */
export const describeSaga = <N extends string, In, Out, S extends Steps>(
  { definition: { name } }: SagaWorkflow<N, In, Out, S>,
  stage: Stage,
): void => {
  describe(`${name}, rehearsed`, async () => {
    const { saga } = await rehearsed(stage, name);
    const ways = await waysThrough(saga);
    it('S8: breaks no rule on any path', () => {
      expect(brokenOn(saga, ways)).toEqual([]);
    });
    it('S19: sends the same on every run of its flow', async () => {
      expect(await changingInputs(saga)).toEqual([]);
    });
    it('says what the contracts say', async () => {
      expect(await unlikeContracts(saga)).toEqual([]);
    });
    it('reaches each of its steps on some path (others are listed in its .paths.ts)', () => {
      expect(unreachedOn(saga, ways)).toEqual([]);
    });
  });
  describe(`${name}, the failure matrix`, { timeout: CELLS_TIMEOUT_MS }, async () => {
    await describeMatrix(name, stage);
  });
};

/** `nth`: its place among all. */
const rehearsed = async (
  stage: Stage,
  name: string,
): Promise<{ readonly saga: RehearsedSaga; readonly nth: number }> => {
  const sagas = await everySaga(stage);
  const nth = sagas.findIndex(({ definition }) => definition.name === name);
  const saga = sagas[nth];
  if (saga === undefined) {
    throw new Error(`${stage.workflowsFile} exports no saga "${name}", or the contracts have none of that name.`);
  }
  return { saga, nth };
};

const describeMatrix = async (name: string, stage: Stage): Promise<void> => {
  const asked = inject('matrix') ?? FIXED_PART;
  const { saga, nth } = await rehearsed(stage, name);
  const { cells: all, dashes } = await cellsOf(saga, asked.seed);
  const cells = partOf(name, nth, all, asked);
  const results = new Map<Cell, CellResult>();
  const waiting = new Map(cells.map((cell) => [cell, withResolvers<CellResult>()] as const));
  let open: OpenStage | undefined;
  let run: Promise<void>;

  beforeAll(async () => {
    open = await openStage(stage);
    run = runCells(open, cells, {
      seed: asked.seed,
      ended: (cell, result) => {
        results.set(cell, result);
        waiting.get(cell)?.resolve(result);
      },
    });
    run.catch((error: unknown) => {
      for (const { reject } of waiting.values()) reject(error);
    });
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await open?.close();
    if (asked.all) console.log(`seed ${asked.seed}; ${tableOf(name, results, dashes)}`);
  });

  for (const cell of cells) {
    it(`${cell.id} (seed ${asked.seed})`, async () => {
      const result = await waiting.get(cell)?.promise;
      expect(result?.wrong.join('\n')).toBe('');
    });
  }
  // without a cell there is nothing to be conserved, and nothing is open
  it.runIf(cells.length > 0)('conserves goods and money, and every history replays', async () => {
    await run;
    expect(open && (await wrongAfterAll(open))).toEqual([]);
  });
};

const withResolvers = <T>() => {
  let resolve: (value: T) => void = () => {};
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<T>((...both) => ([resolve, reject] = both));
  promise.catch(() => {
    // its own test hears of it
  });
  return { promise, resolve, reject };
};
