import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Answered } from '../../packages/testing/src/services/saga-client.ts';
import { orBroken } from './ask-service.ts';
import type { CommitCutter } from './commit-cutter.ts';
import type { ProcessToCrash } from './process-to-crash.ts';
import type { Trial } from './trials.ts';

/** Where trials are played. */
export interface Place {
  readonly service: ProcessToCrash;
  /** The card provider, where the service has one. */
  readonly provider: ProcessToCrash | undefined;
  readonly cutter: CommitCutter;
  /** The service's own database. */
  readonly pool: Pool;
}

/** Sends the request, strikes in the middle of it, and has all processes back. `key`: of a seal the saga's id. */
export const strike = async (
  place: Place,
  { blow, callers, afterMs }: Pick<Trial, 'blow' | 'callers' | 'afterMs'>,
  key: string,
  ask: () => Promise<Answered>,
): Promise<void> => {
  const { service, provider, cutter } = place;
  const { time } = blow;
  const askAll = () => Promise.all(Array.from({ length: callers }, () => orBroken(ask())));
  if (blow.strikes === 'connection') {
    await Promise.all([cutter.cut(key, blow.at, time), askAll()]);
    return;
  }
  const struck = blow.strikes === 'provider' ? provider : service;
  if (struck === undefined) throw new Error('there is no card provider');
  const victim = struck === service ? null : (struck.pid() ?? null);
  await service.arm({ point: blow.at, time, key, afterMs, victim });
  await Promise.all([askAll(), struck.diesAndReturns()]);
};

const LAPSED_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 50;

/** Has an action killed when the provider has done it and nothing of that is recorded, and waits until its lease has lapsed. */
export const leaveOpen = async (place: Place, key: string, act: () => Promise<Answered>): Promise<void> => {
  await strike(place, { blow: { strikes: 'service', at: 'called', time: 1 }, callers: 1, afterMs: 0 }, key, act);
  const until = performance.now() + LAPSED_WITHIN_MS;
  while (performance.now() < until) {
    const { rowCount } = await place.pool.query(
      `select from saga_operations where key = $1 and state = 'pending' and lease_until <= clock_timestamp()`,
      [key],
    );
    if (rowCount === 1) return;
    await sleep(LOOK_EVERY_MS);
  }
  throw new Error(`${key} was not left open`);
};
