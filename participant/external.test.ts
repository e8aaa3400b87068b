import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../testing/database.ts';
import { newKey, send } from '../testing/saga-client.ts';
import { startTillProvider, type TillProvider } from '../testing/till-provider.ts';
import { migrateTill, recordingsOf, startTill, type Till } from '../testing/till.ts';

let database: FreshDatabase;
let provider: TillProvider;
/** Two processes of the same service. */
let here: Till;
let there: Till;

beforeAll(async () => {
  [database, provider] = await Promise.all([freshDatabase(), startTillProvider()]);
  here = await startTill(database.url, provider.url);
  there = await startTill(database.url, provider.url);
  await migrateTill(here.pool);
});
afterEach(() => {
  delete here.hooks.record;
});
afterAll(async () => {
  await Promise.all([here.close(), there.close(), provider.close()]);
  await database.drop();
});

interface Case {
  readonly key: string;
  readonly order: string;
}
const newCase = (): Case => ({ key: newKey('holdMoney'), order: `o-${randomUUID()}` });
const hold = (till: Till, { key, order }: Case, amount = 1) =>
  send(till.url, '/tills', { key, body: { order, amount } });
const payOut = (till: Till, { key, order }: Case) => send(till.url, '/payouts', { key, body: { order } });
const undo = (till: Till, { key }: Case) => send(till.url, '/saga-operations/undo', { key });
const settle = (till: Till, { key }: Case) => send(till.url, '/saga-operations/settle', { key });
const seal = (till: Till, { key }: Case) => send(till.url, '/saga-operations/seal', { key: key.split('/')[0] });
const holdsOf = ({ order }: Case) => [...provider.holds.values()].filter((each) => each.order === order);
const heldOf = (one: Case) => holdsOf(one).filter(({ held }) => held).length;
const reservedOf = async ({ order }: Case) =>
  (await here.pool.query('select from reserved where order_id = $1', [order])).rowCount;

/** Something that waits until it is let go. */
const gate = () => {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
};
const opened: (() => void)[] = [];
/** The provider keeps the next request of that path waiting, with its effect done, until the test is over. */
const holdUp = (path: '/holds' | '/voids') => {
  const { opened: until, open } = gate();
  opened.push(open);
  provider.befall(path, until);
};
const asked = (path: string, from: number) =>
  vi.waitFor(() => expect(provider.seen.slice(from).some((one) => one.path === path)).toBe(true));
const pending = new Set<Promise<unknown>>();
/** Sends what will be kept waiting, and waits until the provider has it. */
const begin = async (path: '/holds' | '/voids', send_: () => Promise<unknown>): Promise<void> => {
  holdUp(path);
  const from = provider.seen.length;
  pending.add(send_());
  await asked(path, from);
};
afterEach(async () => {
  for (const open of opened.splice(0)) open();
  await Promise.all(pending);
  pending.clear();
});

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
    expect(holdsOf(one)).toMatchObject([{ held: false }]);
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
    expect(holdsOf(one)).toEqual([]);
  });

  it('holds no transaction and no connection during the call', async () => {
    const small = await startTill(database.url, provider.url, { poolSize: 1 });
    const many = Array.from({ length: 5 }, newCase);
    for (const one of many) await begin('/holds', () => hold(small, one));
    expect((await hold(small, newCase())).status).toBe(200);
    const { rows } = await here.pool.query<{ state: string }>(
      `select state from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`,
    );
    expect(rows).toEqual([]);
    for (const open of opened.splice(0)) open();
    await Promise.all(pending);
    for (const one of many) expect(heldOf(one)).toBe(1);
    await small.close();
  });

  it('is asked twenty times at once of two processes: one effect, one answer', async () => {
    const one = newCase();
    provider.befall('/holds', sleep(300));
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        for (let tries = 0; tries < 30; tries++) {
          const answer = await hold(n % 2 ? here : there, one);
          if (answer.says !== 'in-flight') return answer;
        }
        throw new Error('it stays in flight');
      }),
    );
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(holdsOf(one)).toHaveLength(1);
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
      expect(holdsOf(one)).toHaveLength(1);
      expect(await recordingsOf(here.pool, one.order)).toEqual(['held']);
    }
  });

  it('that does not answer is cut at its limit', async () => {
    const hasty = await startTill(database.url, provider.url, { limitMs: 200 });
    const one = newCase();
    holdUp('/holds');
    const began = performance.now();
    expect((await hold(hasty, one)).says).toBe('unavailable');
    expect(performance.now() - began).toBeLessThan(1_000);
    expect((await settle(here, one)).says).toBe('done');
    expect(holdsOf(one)).toHaveLength(1);
    await hasty.close();
  });

  it('whose second transaction fails is still open, and the next who asks ends it', async () => {
    const one = newCase();
    here.hooks.record = () => Promise.reject(new Error('a bug'));
    expect((await hold(here, one)).status).toBe(500);
    expect(await recordingsOf(here.pool, one.order)).toEqual([]);
    expect((await undo(there, one)).says).toBe('undone');
    expect(heldOf(one)).toBe(0);
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
    expect(heldOf(one)).toBe(0);
  });
});

/** How an action comes to be open, and what the provider says then. */
const states: Record<string, (one: Case) => Promise<unknown>> = {
  'pending, lease live': (one) => begin('/holds', () => hold(here, one)),
  'pending, lapsed': (one) => {
    provider.befall('/holds', 'answer-lost');
    return hold(here, one);
  },
  'pending, lapsed, then declined': (one) => {
    provider.declined.add(one.order);
    provider.befall('/holds', 'lost');
    return hold(here, one);
  },
  'undoing, lease live': async (one) => {
    await hold(here, one);
    await begin('/voids', () => undo(here, one));
  },
  'undoing, lapsed': async (one) => {
    await hold(here, one);
    provider.befall('/voids', 'lost');
    await undo(here, one);
  },
  'pending, lapsed, sealed': async (one) => {
    provider.befall('/holds', 'answer-lost');
    await hold(here, one);
    await seal(here, one);
  },
};

const ask = {
  do: (one: Case) => hold(there, one),
  other: (one: Case) => hold(there, one, 2),
  undo: (one: Case) => undo(there, one),
  settle: (one: Case) => settle(there, one),
};

type Cell = readonly [status: number, says: string | undefined, held: number];
const IN_FLIGHT: Cell = [409, 'in-flight', 1];
const table: Record<string, Record<keyof typeof ask, Cell>> = {
  'pending, lease live': { do: IN_FLIGHT, other: [422, 'key-mismatch', 1], undo: IN_FLIGHT, settle: IN_FLIGHT },
  'pending, lapsed': {
    do: [200, undefined, 1],
    other: [422, 'key-mismatch', 1],
    undo: [200, 'undone', 0],
    settle: [200, 'done', 1],
  },
  'pending, lapsed, then declined': {
    do: [409, 'refused:declined', 0],
    other: [422, 'key-mismatch', 0],
    undo: [200, 'refused', 0],
    settle: [200, 'refused', 0],
  },
  'undoing, lease live': {
    do: [409, 'in-flight', 0],
    other: [422, 'key-mismatch', 0],
    undo: [409, 'in-flight', 0],
    settle: [409, 'in-flight', 0],
  },
  'undoing, lapsed': {
    do: [409, 'undone', 0],
    other: [422, 'key-mismatch', 1],
    undo: [200, 'undone', 0],
    settle: [200, 'undone', 0],
  },
  'pending, lapsed, sealed': {
    do: [200, undefined, 1],
    other: [422, 'key-mismatch', 1],
    undo: [200, 'undone', 0],
    settle: [200, 'done', 1],
  },
};

describe.each(Object.entries(table))('P12: a key that is %s', (state, row) => {
  it.each(Object.entries(row))('answers %s', async (request, [status, says, held]) => {
    const one = newCase();
    await states[state]?.(one);
    const answer = await ask[request as keyof typeof ask](one);
    expect([answer.status, answer.says]).toEqual([status, says]);
    expect(answer.headers.get('retry-after')).toBe(says === 'in-flight' ? '1' : null);
    expect(heldOf(one)).toBe(held);
  });

  it('P10: is listed by a seal as what it is', async () => {
    const one = newCase();
    await states[state]?.(one);
    const { json } = await seal(there, one);
    const { items } = json as { items: { key: string; state: string; answer: null }[] };
    expect(items).toEqual([expect.objectContaining({ key: one.key, state: state.split(',')[0], answer: null })]);
  });
});

describe('P12: at a provider that knows no keys', () => {
  it.each(['lost', 'answer-lost'] as const)(
    'a request %s is never repeated: nobody knows, and it parks',
    async (fate) => {
      const one = newCase();
      provider.befall('/holds', fate);
      const from = provider.seen.length;
      for (const till of [here, there]) {
        expect((await payOut(till, one)).says).toBe('outcome-unknown');
        const answers = [await undo(till, one), await settle(till, one)];
        expect(answers.map(({ status, says }) => [status, says])).toEqual([
          [409, 'undo-refused:outcome-unknown'],
          [409, 'outcome-unknown'],
        ]);
      }
      expect(provider.seen).toHaveLength(from + 1);
      expect(await recordingsOf(here.pool, one.order)).toEqual([]);
    },
  );

  it('what is answered is done, and undone', async () => {
    const one = newCase();
    expect((await payOut(here, one)).status).toBe(200);
    expect((await undo(there, one)).says).toBe('undone');
    expect(await recordingsOf(here.pool, one.order)).toEqual(['paid', 'taken back']);
  });
});
