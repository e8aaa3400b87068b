// What two minutes without one participant do to sagas that need it, and to those that do not (S1, S6).
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SagaView } from '../../packages/contracts/src/saga-view.ts';
import type { Strike } from '../../packages/testing/src/faults/fault-rule.ts';
import { anOrder, startSagaBench, type RunningSaga, type SagaBench } from '../saga-bench.ts';
import type { ShopService } from '../shop.ts';

const BEFORE_MS = 60_000;
const AWAY_MS = 120_000;
const BETWEEN_STARTS_MS = 1_000;
const SLOWER_AT_MOST = 1.2;
/** The definition's own. */
const USUAL = { times: { steps: {} } };

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close(), 600_000);

interface Timed {
  readonly saga: RunningSaga;
  readonly ended: Promise<number>;
}

const timed = async (name: string, changes: object): Promise<Timed> => {
  const order = await anOrder(bench.shop, changes);
  const began = performance.now();
  const saga = await bench.start(name, order, USUAL);
  return { saga, ended: saga.handle.result().then(since(began), since(began)) };
};
const since = (began: number) => (): number => performance.now() - began;

/** One of each, again and again for so long. `before`: told of each id before it starts. */
const during = async (ms: number, sagas: Readonly<Record<string, () => Promise<Timed>>>) => {
  const all = Object.keys(sagas).map((name): [string, Timed[]] => [name, []]);
  for (const until = performance.now() + ms; performance.now() < until; await pause(BETWEEN_STARTS_MS))
    await Promise.all(all.map(async ([name, started]) => started.push(await (sagas[name] ?? never)())));
  return new Map(all);
};
const never = (): never => {
  throw new Error('there is no such saga');
};

const median = (figures: readonly number[]): number => figures.toSorted((a, b) => a - b)[figures.length >> 1] ?? 0;
const inTime = async (started: readonly Timed[] = []): Promise<number> =>
  median(await Promise.all(started.map(({ ended }) => ended)));

const down = (service: ShopService): (() => void) => {
  const ops = ['do', 'undo', 'settle', 'seal'] as const;
  const strikes = ops.map((op): Strike => bench.shop.proxies[service].strike({ fault: 'down', saga: '*', op }));
  return () => strikes.forEach((strike) => strike.lift());
};

it.each([
  // `without`: those that do not need it
  { away: 'shipping', without: { saga: 'withoutPivot', changes: {} } },
  { away: 'notifications', without: { saga: 'fulfilOrder', changes: { paymentToken: 'tok_declined' } } },
] as const)(
  'S1 S6: without $away for two minutes nothing parks, and who does not need it is as fast as before',
  async ({ away, without }) => {
    const sagas = { without: () => timed(without.saga, without.changes), needing: () => timed('fulfilOrder', {}) };
    const before = await during(BEFORE_MS, sagas);
    const [usual] = await Promise.all([inTime(before.get('without')), inTime(before.get('needing'))]);
    const lift = down(away);
    const meanwhile = await during(AWAY_MS, sagas);
    lift();
    const [then, needed] = await Promise.all([inTime(meanwhile.get('without')), inTime(meanwhile.get('needing'))]);
    const parked = bench.published.filter(({ id }) => id.includes('/parked/'));
    const views = await Promise.all((meanwhile.get('needing') ?? []).map(({ saga }): Promise<SagaView> => saga.view()));
    const ends = new Map<string, number>();
    for (const { status } of views) ends.set(status, (ends.get(status) ?? 0) + 1);
    console.log(
      `without ${away}: who does not need it ${usual.toFixed(0)} ms before, ${then.toFixed(0)} ms meanwhile; ` +
        `who needs it ${(needed / 1_000).toFixed(1)} s: ${[...ends].map(([status, of]) => `${of} ${status}`).join(', ')}; ` +
        `${parked.length} parked`,
    );
    expect(parked.map(({ id }) => id)).toEqual([]);
    expect(then).toBeLessThanOrEqual(usual * SLOWER_AT_MOST);
  },
);
