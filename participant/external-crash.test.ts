import { randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../testing/database.ts';
import { decided, newKey, send, type Answered } from '../testing/saga-client.ts';
import { startTillProvider, type TillProvider } from '../testing/till-provider.ts';
import { migrateTill, recordingsOf, startTill, type Till } from '../testing/till.ts';
import type { CrashPoint } from './crash-points.ts';

let database: FreshDatabase;
let provider: TillProvider;
let sound: Till;

beforeAll(async () => {
  [database, provider] = await Promise.all([freshDatabase(), startTillProvider()]);
  sound = await startTill(database.url, provider.url);
  await migrateTill(sound.pool);
});
afterAll(async () => {
  await Promise.all([sound.close(), provider.close()]);
  await database.drop();
});

interface Case {
  readonly key: string;
  readonly order: string;
}
const newCase = (): Case => ({ key: newKey('holdMoney'), order: `o-${randomUUID()}` });
const hold = (url: string, { key, order }: Case) => send(url, '/tills', { key, body: { order, amount: 1 } });
const undo = (url: string, { key }: Case) => send(url, '/saga-operations/undo', { key });
const settle = (url: string, { key }: Case) => send(url, '/saga-operations/settle', { key });
const holdsOf = ({ order }: Case) => [...provider.holds.values()].filter((each) => each.order === order);
const stateOf = async ({ key }: Case) =>
  (await sound.pool.query<{ state: string }>('select state from saga_operations where key = $1', [key])).rows[0]?.state;

/** Asks a process that kills itself (SIGKILL) when all have passed a point for the nth time; its leases last 1 s. */
const askDoomed = async (
  { point, times, all }: { point: CrashPoint; times: number; all: readonly Case[] },
  ask: (url: string, one: Case) => Promise<unknown>,
): Promise<void> => {
  const told = [database.url, provider.url, point, String(times), String(all.length)];
  const args = ['--import', 'tsx', 'testing/crashing-till.ts', ...told];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  await Promise.all(all.map((one) => expect(ask(url, one)).rejects.toThrow('fetch failed')));
  expect(await ended).toEqual([null, 'SIGKILL']);
};

/** Asks until it is decided: the lease of who was killed has to lapse. */
const patiently = (ask: () => Promise<Answered>): Promise<Answered> =>
  decided(async () => {
    const answer = await ask();
    if (answer.says === 'in-flight') await sleep(100);
    return answer;
  });

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
      patiently(() => hold(sound.url, again)),
      patiently(() => undo(sound.url, undone)),
      patiently(() => settle(sound.url, settled)),
    ]);
    const begun = state !== undefined;
    expect(answers.map(({ status, says }) => [status, says])).toEqual([
      [200, undefined],
      [200, begun ? 'undone' : 'blocked'],
      [200, begun ? 'done' : 'blocked'],
    ]);
    const held = [true, ...(begun ? [false, true] : [])];
    expect(all.flatMap(holdsOf).map((each) => each.held)).toEqual(held);
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
    for (const one of all) await hold(sound.url, one);
    await askDoomed({ point, times, all }, undo);
    for (const one of all) expect(await stateOf(one)).toBe('undoing');
    const answers = await Promise.all([
      patiently(() => hold(sound.url, again)),
      patiently(() => undo(sound.url, undone)),
      patiently(() => settle(sound.url, settled)),
    ]);
    expect(answers.map(({ says }) => says)).toEqual(['undone', 'undone', 'undone']);
    expect(all.flatMap(holdsOf)).toMatchObject([{ held: false }, { held: false }, { held: false }]);
    for (const { order } of all) expect(await recordingsOf(sound.pool, order)).toEqual(['held', 'voided']);
  },
);

describe('P12: a process that comes back after its lease has lapsed', () => {
  /** Its lease ends long before its calls do. */
  const frozen = () => startTill(database.url, provider.url, { leaseMarginMs: -2_900 });

  it('stores nothing: what the one who took over has stored stays', async () => {
    const zombie = await frozen();
    const one = newCase();
    provider.befall('/holds', sleep(900));
    const late = hold(zombie.url, one);
    await sleep(400);
    const taken = await hold(sound.url, one);
    expect(taken.status).toBe(200);
    expect((await late).says).toBe('in-flight');
    expect((await hold(zombie.url, one)).text).toBe(taken.text);
    expect(holdsOf(one)).toHaveLength(1);
    expect(await recordingsOf(sound.pool, one.order)).toEqual(['held']);
    await zombie.close();
  });

  it('does not make alive what was undone meanwhile', async () => {
    const zombie = await frozen();
    const one = newCase();
    provider.befall('/holds', sleep(900));
    const late = hold(zombie.url, one);
    await sleep(400);
    expect((await undo(sound.url, one)).says).toBe('undone');
    expect((await late).says).toBe('in-flight');
    expect((await hold(zombie.url, one)).says).toBe('undone');
    expect(holdsOf(one)).toMatchObject([{ held: false }]);
    await zombie.close();
  });

  it('stores what it knows when nobody took over', async () => {
    const zombie = await frozen();
    const one = newCase();
    provider.befall('/holds', sleep(400));
    expect((await hold(zombie.url, one)).status).toBe(200);
    expect(await recordingsOf(sound.pool, one.order)).toEqual(['held']);
    await zombie.close();
  });

  it('who gives up late does not take the lease of who took over', async () => {
    const zombie = await frozen();
    const one = newCase();
    zombie.hooks.record = () => Promise.reject(new Error('a bug'));
    provider.befall('/holds', sleep(700), sleep(1_200));
    const late = hold(zombie.url, one);
    await sleep(300);
    const taking = hold(sound.url, one);
    await late;
    const third = await startTill(database.url, provider.url);
    expect((await hold(third.url, one)).says).toBe('in-flight');
    expect((await taking).status).toBe(200);
    await Promise.all([zombie.close(), third.close()]);
  });
});
