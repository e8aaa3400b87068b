import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { inParallel } from '../../packages/amends/src/cli/in-parallel.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import { createPool } from '../../packages/participant/src/database/postgres.ts';
import { freshDatabase } from '../../packages/testing/src/servers/database.ts';
import { goodsNotConserved, moneyNotConserved } from '../invariants/conservation.ts';
import { SHOP_SERVICES, type ShopService } from '../shop.ts';
import { startCommitCutter } from './commit-cutter.ts';
import { judge, type Verdict } from './judge.ts';
import { ON_THE_SHELF, playTrial } from './play-trial.ts';
import { startProcessToCrash } from './process-to-crash.ts';
import { booksOf } from './provider-books.ts';
import type { Place } from './strike.ts';
import { trialsOf, type Trial, type TrialsAsked } from './trials.ts';

export interface Tried extends Verdict {
  readonly trial: Trial;
}

export interface CrashProof {
  readonly tried: readonly Tried[];
  /** Goods or money that are not conserved when all is over, in words. */
  readonly wrong: readonly string[];
}

export interface CrashProofAsked extends TrialsAsked {
  /** URL of a PostgreSQL server, as a role that may create databases. */
  readonly postgresUrl: string;
  /** The folder of the built entry. */
  readonly build: string;
  /** What is done to a service's database before its trials; default nothing. */
  readonly spoil?: (database: Pool, service: ShopService) => Promise<unknown>;
  /** Told after each trial: how many are over, of how many. */
  readonly onTried?: (over: number, all: number) => void;
}

/** A lane is a service with its database, where trials are played one after the other. */
const TRIALS_PER_LANE = 20;
/** On two cores: a process that starts is what takes the time. */
const LANES_AT_ONCE = 5;

/**
 * Plays every trial on the services as real processes. Rejects when a trial cannot be played: a point that is not passed, a process
 * that does not come back, a request without definite answer.
 */
export const proveByCrash = async (asked: CrashProofAsked): Promise<CrashProof> => {
  const trials = trialsOf(asked);
  let over = 0;
  const onTried = (): void => asked.onTried?.(++over, trials.length);
  const lanes = SHOP_SERVICES.flatMap((service) =>
    lanesOf(trials.filter(({ subject }) => subject.service === service)),
  );
  const played = await inParallel(lanes, LANES_AT_ONCE, (lane) => playLane(lane, { ...asked, onTried }));
  return { tried: played.flatMap(({ tried }) => tried), wrong: played.flatMap(({ wrong }) => wrong) };
};

const lanesOf = (trials: readonly Trial[]): readonly (readonly Trial[])[] =>
  Array.from({ length: Math.ceil(trials.length / TRIALS_PER_LANE) }, (_, n) =>
    trials.slice(n * TRIALS_PER_LANE, (n + 1) * TRIALS_PER_LANE),
  );

const playLane = async (
  trials: readonly Trial[],
  { postgresUrl, build, spoil, onTried }: Omit<CrashProofAsked, 'onTried'> & { readonly onTried: () => void },
): Promise<CrashProof> => {
  const name = trials[0]?.subject.service ?? 'orders';
  // what was begun last ends first
  const endings: (() => Promise<unknown>)[] = [];
  try {
    const database = await freshDatabase(postgresUrl);
    endings.push(database.drop);
    const pool = createPool(database.url, createLog('crash', 'silent'), 2);
    endings.push(() => pool.end());
    const cutter = await startCommitCutter(database.url);
    endings.push(cutter.close);
    const provider = name === 'payments' ? await startProvider(build, endings) : undefined;
    const env = { DATABASE_URL: cutter.url, ...(provider && { PROVIDER_URL: provider.url }) };
    const service = await startProcessToCrash(name, { build, env });
    endings.push(service.close);
    await spoil?.(pool, name);
    const place = { service, provider, cutter, pool };
    const books = booksOf(place);
    const tried: Tried[] = [];
    for (const trial of trials) {
      const own = await tryOne(place, trial);
      const outside = await books();
      const doubled = [...own.doubled, ...outside.doubled];
      tried.push({ trial, doubled, lost: [...own.lost, ...outside.lost] });
      onTried();
    }
    return { tried, wrong: (await CONSERVED[name]?.(pool, trials)) ?? [] };
  } finally {
    for (const end of endings.toReversed()) await end();
  }
};

const startProvider = async (build: string, endings: (() => Promise<unknown>)[]) => {
  const folder = await mkdtemp(join(tmpdir(), 'amends-crash-'));
  endings.push(() => rm(folder, { recursive: true, force: true }));
  const provider = await startProcessToCrash('card-provider', { build, env: { PROVIDER_DIR: folder } });
  endings.push(provider.close);
  return provider;
};

const tryOne = async (place: Place, trial: Trial): Promise<Verdict> => {
  try {
    return await judge(place.pool, trial.subject, await playTrial(place, trial));
  } catch (error) {
    throw new Error(`${trial.name} (${trial.subject.action}): ${(error as Error).message}`, { cause: error });
  }
};

/** What must hold of a whole service when all its trials are over. */
const CONSERVED: Partial<Record<ShopService, (pool: Pool, trials: readonly Trial[]) => Promise<readonly string[]>>> = {
  inventory: (pool, trials) => goodsNotConserved(pool, new Map(trials.map(({ name }) => [name, ON_THE_SHELF]))),
  payments: (pool) => moneyNotConserved(pool),
};
