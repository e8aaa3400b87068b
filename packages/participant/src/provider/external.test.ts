import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startPostgresProxy } from '../../../testing/fixtures/postgres-proxy.ts';
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
import { purgeOperations } from '../operations/purge.ts';
import { PURGE_LIMIT_DAYS } from '../../../contracts/src/protocol/keeping.ts';

let bench: TillBench;
/** Two processes of the same service. */
let here: Till;
let there: Till;
let provider: TillProvider;

beforeAll(async () => {
  bench = await startTillBench();
  ({ here, there, provider } = bench);
});
afterEach(async () => {
  delete here.hooks.record;
  await bench.letGo();
});
afterAll(() => bench.close());

const reservedOf = async ({ order }: Case) =>
  (await here.pool.query('select from reserved where order_id = $1', [order])).rowCount;

describe('P12: an action at a provider', () => {
  it('is done once, with one answer, and undone once', async () => {
    const one = newCase();
    const first = await hold(here, one);
    expect(first.status).toBe(200);
    expect(first.headers.has('idempotent-replayed')).toBe(false);
    const again = await hold(there, one);
    expect([again.text, again.headers.get('idempotent-replayed')]).toEqual([first.text, 'true']);
    const undone = await undo(here, one);
    expect([undone.says, undone.headers.has('idempotent-replayed')]).toEqual(['undone', false]);
    expect((await undo(there, one)).text).toBe(undone.text);
    expect(bench.holdsOf(one)).toMatchObject([{ held: false }]);
    expect(await recordingsOf(here.pool, one.order)).toEqual(['held', 'voided']);
    const keys = provider.seen.map(({ key }) => key).filter((key) => key.startsWith(one.key));
    expect(keys).toEqual([one.key, `${one.key}#undo`]);
  });

  it('P8: a no of the service itself asks nobody, and leaves nothing', async () => {
    const one = newCase();
    const from = provider.seen.length;
    for (const till of [here, there]) expect((await hold(till, one, 5_000)).says).toBe('refused:too-much');
    expect(provider.seen).toHaveLength(from);
    expect(await reservedOf(one)).toBe(0);
  });

  it('P8: a no of the provider is stored, and what was prepared is taken back', async () => {
    const one = newCase();
    provider.declined.add(one.order);
    const first = await hold(here, one);
    expect([first.status, first.says]).toEqual([409, 'refused:declined']);
    provider.declined.delete(one.order);
    expect((await hold(there, one)).text).toBe(first.text);
    expect((await undo(here, one)).says).toBe('refused');
    expect(await reservedOf(one)).toBe(0);
    expect(bench.holdsOf(one)).toEqual([]);
  });

  it('holds no transaction and no connection during the call', async () => {
    const small = await startTill(bench.databaseUrl, provider.url, { poolSize: 1 });
    const many = Array.from({ length: 5 }, newCase);
    for (const one of many) await bench.begin('/holds', () => hold(small, one));
    expect((await hold(small, newCase())).status).toBe(200);
    const { rows } = await here.pool.query<{ state: string }>(
      `select state from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`,
    );
    expect(rows).toEqual([]);
    await bench.letGo();
    for (const one of many) expect(bench.heldOf(one)).toBe(1);
    await small.close();
  });

  it('is asked twenty times at once of two processes: one effect, one answer', async () => {
    const one = newCase();
    provider.befall('/holds', sleep(300));
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => decided(() => hold(n % 2 ? here : there, one))),
    );
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(bench.holdsOf(one)).toHaveLength(1);
    expect(await recordingsOf(here.pool, one.order)).toEqual(['held']);
  });

  it('that fails says 503 and when to come again; the repeat takes it over at once', async () => {
    for (const fate of ['lost', 'answer-lost', 'unavailable'] as const) {
      const one = newCase();
      provider.befall('/holds', fate);
      const first = await hold(here, one);
      expect([first.status, first.says, first.headers.get('retry-after')]).toEqual([503, 'unavailable', '1']);
      const began = performance.now();
      expect((await hold(there, one)).status).toBe(200);
      expect(performance.now() - began).toBeLessThan(400);
      expect(bench.holdsOf(one)).toHaveLength(1);
      expect(await recordingsOf(here.pool, one.order)).toEqual(['held']);
    }
  });

  it('that does not answer is cut at its limit', async () => {
    const hasty = await startTill(bench.databaseUrl, provider.url, { limitMs: 200 });
    const one = newCase();
    bench.holdUp('/holds');
    const began = performance.now();
    expect((await hold(hasty, one)).says).toBe('unavailable');
    expect(performance.now() - began).toBeLessThan(1_000);
    expect((await settle(here, one)).says).toBe('done');
    expect(bench.holdsOf(one)).toHaveLength(1);
    await hasty.close();
  });

  it('whose second transaction fails is still open, and the next who asks ends it', async () => {
    const one = newCase();
    here.hooks.record = () => Promise.reject(new Error('a bug'));
    expect((await hold(here, one)).status).toBe(500);
    expect(await recordingsOf(here.pool, one.order)).toEqual([]);
    expect((await undo(there, one)).says).toBe('undone');
    expect(bench.heldOf(one)).toBe(0);
    expect(await recordingsOf(here.pool, one.order)).toEqual(['held', 'voided']);
  });

  it('whose undo the provider refuses stays done, and can be undone when it says yes', async () => {
    const one = newCase();
    const first = await hold(here, one);
    provider.declined.add(`void ${one.order}`);
    for (const till of [here, there]) {
      const no = await undo(till, one);
      expect([no.status, no.says]).toEqual([409, 'undo-refused:taken']);
    }
    expect((await hold(there, one)).text).toBe(first.text);
    expect((await settle(there, one)).says).toBe('done');
    provider.declined.delete(`void ${one.order}`);
    expect((await undo(here, one)).says).toBe('undone');
    expect(bench.heldOf(one)).toBe(0);
  });
});

it('P11: a purge leaves what is open at a provider, and what is open is undone still', async () => {
  const one = newCase();
  provider.befall('/holds', 'answer-lost');
  await hold(here, one);
  const age = (days: number) =>
    here.pool.query(`update saga_operations set saga_started_at = now() - make_interval(days => $2) where key = $1`, [
      one.key,
      days,
    ]);
  await age(PURGE_LIMIT_DAYS + 1);
  expect(await purgeOperations(here.pool)).toBe(0);
  expect((await undo(here, one)).says).toBe('undone');
  expect(bench.heldOf(one)).toBe(0);
  expect(await purgeOperations(here.pool)).toBe(1);
});

it('costs two round trips for each of its two transactions beyond what its functions ask, and one for a repeat', async () => {
  const proxy = await startPostgresProxy(bench.databaseUrl);
  const counted = await startTill(proxy.url, provider.url, { poolSize: 1 });
  // what is sent after so many round trips is held: who waited for it would not answer
  const within = async (trips: number, send_: () => Promise<{ status: number }>): Promise<void> => {
    await counted.pool.query('select 1');
    proxy.allow(trips);
    const answer = await Promise.race([send_(), sleep(1_000, { status: Number.NaN })]);
    proxy.allow(Number.POSITIVE_INFINITY);
    expect(answer.status).toBe(200);
  };
  const one = newCase();
  // prepare and record ask one each, the undo's prepare nothing
  await within(2 + 2 + 2, () => hold(counted, one));
  await within(1, () => hold(counted, one));
  await within(2 + 2 + 1, () => undo(counted, one));
  await within(1, () => undo(counted, one));
  await counted.close();
  await proxy.close();
});
