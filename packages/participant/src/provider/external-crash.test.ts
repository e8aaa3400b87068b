import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decided } from '../../../testing/src/services/saga-client.ts';
import {
  hold,
  newCase,
  settle,
  startTillBench,
  undo,
  type Case,
  type TillBench,
} from '../../../testing/fixtures/till-bench.ts';
import type { TillProvider } from '../../../testing/fixtures/till-provider.ts';
import { recordingsOf, startTill, type Till } from '../../../testing/fixtures/till.ts';
import type { CrashPoint } from '../crash-points.ts';

let bench: TillBench;
/** It goes on when another process was killed. */
let sound: Till;
let provider: TillProvider;

beforeAll(async () => {
  bench = await startTillBench();
  ({ here: sound, provider } = bench);
});
afterAll(() => bench.close());

const stateOf = async ({ key }: Case) =>
  (await sound.pool.query<{ state: string }>('select state from saga_operations where key = $1', [key])).rows[0]?.state;

/** Asks a process that kills itself (SIGKILL) when all have passed a point for the nth time; its leases last 1 s. */
const askDoomed = async (
  { point, times, all }: { point: CrashPoint; times: number; all: readonly Case[] },
  ask: (till: Pick<Till, 'url'>, one: Case) => Promise<unknown>,
): Promise<void> => {
  const told = [bench.databaseUrl, provider.url, point, String(times), String(all.length)];
  const args = ['--import', 'tsx', 'packages/testing/fixtures/crashing-till.ts', ...told];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  await Promise.all(all.map((one) => expect(ask({ url }, one)).rejects.toThrow('fetch failed')));
  expect(await ended).toEqual([null, 'SIGKILL']);
};

/** Each point of an action at a provider, and what the row is when the process was killed there. */
const POINTS: readonly (readonly [point: CrashPoint, times: number, state: string | undefined])[] = [
  ['received', 1, undefined],
  ['claimed', 1, undefined],
  ['recording', 1, undefined],
  ['committed', 1, 'pending'],
  ['calling', 1, 'pending'],
  ['called', 1, 'pending'],
  ['claimed', 2, 'pending'],
  ['recording', 2, 'pending'],
  ['committed', 2, 'done'],
];

it.each(POINTS)(
  'P12: killed with SIGKILL at %s (%i), the effect is there once or not at all, whatever is asked next',
  async (point, times, state) => {
    const [again, undone, settled] = [newCase(), newCase(), newCase()];
    const all = [again, undone, settled];
    await askDoomed({ point, times, all }, hold);
    for (const one of all) expect(await stateOf(one)).toBe(state);
    const answers = await Promise.all([
      decided(() => hold(sound, again)),
      decided(() => undo(sound, undone)),
      decided(() => settle(sound, settled)),
    ]);
    const begun = state !== undefined;
    expect(answers.map(({ status, says }) => [status, says])).toEqual([
      [200, undefined],
      [200, begun ? 'undone' : 'blocked'],
      [200, begun ? 'done' : 'blocked'],
    ]);
    const held = [true, ...(begun ? [false, true] : [])];
    expect(all.flatMap(bench.holdsOf).map((each) => each.held)).toEqual(held);
    const written = await Promise.all(all.map(({ order }) => recordingsOf(sound.pool, order)));
    expect(written).toEqual([['held'], begun ? ['held', 'voided'] : [], begun ? ['held'] : []]);
  },
);

it.each([
  ['calling', 1],
  ['called', 1],
  ['recording', 2],
] as const)(
  'P12: an undo that is killed with SIGKILL at %s (%i) is brought to its end by whoever asks next',
  async (point, times) => {
    const [again, undone, settled] = [newCase(), newCase(), newCase()];
    const all = [again, undone, settled];
    for (const one of all) await hold(sound, one);
    await askDoomed({ point, times, all }, undo);
    for (const one of all) expect(await stateOf(one)).toBe('undoing');
    const answers = await Promise.all([
      decided(() => hold(sound, again)),
      decided(() => undo(sound, undone)),
      decided(() => settle(sound, settled)),
    ]);
    expect(answers.map(({ says }) => says)).toEqual(['undone', 'undone', 'undone']);
    expect(all.flatMap(bench.holdsOf)).toMatchObject([{ held: false }, { held: false }, { held: false }]);
    for (const { order } of all) expect(await recordingsOf(sound.pool, order)).toEqual(['held', 'voided']);
  },
);

describe('P12: a process that comes back after its lease has lapsed', () => {
  /** Its lease ends long before its calls do. */
  const frozen = () => startTill(bench.databaseUrl, provider.url, { leaseMarginMs: -2_900 });

  it('stores nothing: what the one who took over has stored stays', async () => {
    const zombie = await frozen();
    const one = newCase();
    provider.befall('/holds', sleep(900));
    const late = hold(zombie, one);
    await sleep(400);
    const taken = await hold(sound, one);
    expect(taken.status).toBe(200);
    expect((await late).says).toBe('in-flight');
    expect((await hold(zombie, one)).text).toBe(taken.text);
    expect(bench.holdsOf(one)).toHaveLength(1);
    expect(await recordingsOf(sound.pool, one.order)).toEqual(['held']);
    await zombie.close();
  });

  it('does not make alive what was undone meanwhile', async () => {
    const zombie = await frozen();
    const one = newCase();
    provider.befall('/holds', sleep(900));
    const late = hold(zombie, one);
    await sleep(400);
    expect((await undo(sound, one)).says).toBe('undone');
    expect((await late).says).toBe('in-flight');
    expect((await hold(zombie, one)).says).toBe('undone');
    expect(bench.holdsOf(one)).toMatchObject([{ held: false }]);
    await zombie.close();
  });

  it('stores what it knows when nobody took over', async () => {
    const zombie = await frozen();
    const one = newCase();
    provider.befall('/holds', sleep(400));
    expect((await hold(zombie, one)).status).toBe(200);
    expect(await recordingsOf(sound.pool, one.order)).toEqual(['held']);
    await zombie.close();
  });

  it('and whose call fails then does not give up the lease of who took over', async () => {
    const zombie = await startTill(bench.databaseUrl, provider.url, { limitMs: 700, leaseMarginMs: -600 });
    const one = newCase();
    provider.befall('/holds', sleep(2_000), sleep(1_200));
    const late = hold(zombie, one);
    await sleep(300);
    const taking = hold(sound, one);
    expect((await late).says).toBe('unavailable');
    expect((await hold(bench.there, one)).says).toBe('in-flight');
    expect((await taking).status).toBe(200);
    expect(await recordingsOf(sound.pool, one.order)).toEqual(['held']);
    await zombie.close();
  });
});
