import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  hold,
  newCase,
  payOut,
  seal,
  settle,
  startTillBench,
  undo,
  type Case,
  type TillBench,
} from '../../../testing/fixtures/till-bench.ts';
import type { TillProvider } from '../../../testing/fixtures/till-provider.ts';
import { recordingsOf, type Till } from '../../../testing/fixtures/till.ts';

// The row "pending / undoing" of the state table in participants.md, cell by cell.

let bench: TillBench;
/** Two processes of the same service. */
let here: Till;
let there: Till;
let provider: TillProvider;

beforeAll(async () => {
  bench = await startTillBench();
  ({ here, there, provider } = bench);
});
afterEach(() => bench.letGo());
afterAll(() => bench.close());

/** How an action comes to be open, and what the provider says then. */
const states: Record<string, (one: Case) => Promise<unknown>> = {
  'pending, lease live': (one) => bench.begin('/holds', () => hold(here, one)),
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
    await bench.begin('/voids', () => undo(here, one));
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
    expect(bench.heldOf(one)).toBe(held);
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

  it('a request that is still on its way is in flight', async () => {
    const one = newCase();
    await bench.begin('/holds', () => payOut(here, one));
    const answers = [await payOut(there, one), await undo(there, one), await settle(there, one)];
    expect(answers.map(({ says }) => says)).toEqual(['in-flight', 'in-flight', 'in-flight']);
  });

  it('what is answered is done, and undone', async () => {
    const one = newCase();
    expect((await payOut(here, one)).status).toBe(200);
    expect((await undo(there, one)).says).toBe('undone');
    expect(await recordingsOf(here.pool, one.order)).toEqual(['paid', 'taken back']);
  });
});
