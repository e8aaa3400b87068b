import { describe, expect, it } from 'vitest';
import { Share } from './share.ts';

/** A question that is answered by hand. */
const question = () => {
  const asked: { answer: (n: number) => void; fail: (error: Error) => void }[] = [];
  return { asked, ask: () => new Promise<number>((answer, fail) => void asked.push({ answer, fail })) };
};
const turn = () => new Promise((resolve) => setImmediate(resolve));
/** Later than any answer is shared that was under way before. */
const LONG_MS = 10_000;
const STALE = -1;

describe('who asks for the same at once', () => {
  it('shares one question, and who asks once it is answered does not', async () => {
    const { asked, ask } = question();
    const share = new Share<number>(LONG_MS);
    const all = Array.from({ length: 10 }, () => share.of('a', ask));
    expect(asked).toHaveLength(1);
    asked[0]?.answer(1);
    expect(await Promise.all(all)).toEqual(Array<number>(10).fill(1));
    const later = share.of('a', ask);
    asked[1]?.answer(2);
    expect(await later).toBe(2);
  });

  it('shares the next question where the one under way was asked too long ago', async () => {
    const { asked, ask } = question();
    const share = new Share<number>(STALE);
    const first = share.of('a', ask);
    const later = Array.from({ length: 9 }, () => share.of('a', ask));
    expect(asked).toHaveLength(1);
    asked[0]?.answer(1);
    expect(await first).toBe(1);
    await turn();
    const last = share.of('a', ask);
    expect(asked).toHaveLength(2);
    asked[1]?.answer(2);
    expect(await Promise.all(later)).toEqual(Array<number>(9).fill(2));
    await turn();
    expect(asked).toHaveLength(3);
    asked[2]?.answer(3);
    expect(await last).toBe(3);
  });

  it('is not answered by what another has asked for', async () => {
    const { asked, ask } = question();
    const share = new Share<number>(LONG_MS);
    const both = [share.of('a', ask), share.of('b', ask)];
    asked[0]?.answer(1);
    asked[1]?.answer(2);
    expect(await Promise.all(both)).toEqual([1, 2]);
  });

  it('is told of a failure, which the next question does not share', async () => {
    const { asked, ask } = question();
    const share = new Share<number>(STALE);
    const first = share.of('a', ask);
    const second = share.of('a', ask);
    asked[0]?.fail(new Error('away'));
    await expect(first).rejects.toThrow('away');
    await turn();
    asked[1]?.answer(2);
    expect(await second).toBe(2);
    const third = share.of('a', ask);
    asked[2]?.answer(3);
    expect(await third).toBe(3);
  });
});
