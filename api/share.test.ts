import { describe, expect, it } from 'vitest';
import { Share } from './share.ts';

/** A question that is answered by hand. */
const question = () => {
  const asked: { answer: (n: number) => void; fail: (error: Error) => void }[] = [];
  return {
    asked,
    ask: () => new Promise<number>((answer, fail) => void asked.push({ answer, fail })),
  };
};
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('who asks for the same at once', () => {
  it('is answered by two questions, however many they are, and by none that was asked before he came', async () => {
    const { asked, ask } = question();
    const share = new Share<number>();
    const first = share.of('a', ask);
    const later = Array.from({ length: 9 }, () => share.of('a', ask));
    expect(asked).toHaveLength(1);
    asked[0]?.answer(1);
    expect(await first).toBe(1);
    await turn();
    expect(asked).toHaveLength(2);
    const last = share.of('a', ask);
    asked[1]?.answer(2);
    expect(await Promise.all(later)).toEqual(Array<number>(9).fill(2));
    await turn();
    expect(asked).toHaveLength(3);
    asked[2]?.answer(3);
    expect(await last).toBe(3);
  });

  it('is not answered by what another has asked for', async () => {
    const { asked, ask } = question();
    const share = new Share<number>();
    const both = [share.of('a', ask), share.of('b', ask)];
    asked[0]?.answer(1);
    asked[1]?.answer(2);
    expect(await Promise.all(both)).toEqual([1, 2]);
  });

  it('is told of a failure, which the next question does not share', async () => {
    const { asked, ask } = question();
    const share = new Share<number>();
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
