import { expect, it } from 'vitest';
import { atOnce } from './at-once.ts';

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

it('answers what each answers', async () => {
  expect(await atOnce(Promise.resolve(1), Promise.resolve('two'))).toEqual([1, 'two']);
});

it('rejects with what went wrong first, but only when none of them goes on any more', async () => {
  const did: string[] = [];
  const slow = later(40).then(() => {
    did.push('slow');
    throw new Error('the transaction is aborted');
  });
  const fast = later(5).then(() => {
    throw new Error('a lock was not got');
  });
  await expect(atOnce(slow, fast)).rejects.toThrow('a lock was not got');
  expect(did).toEqual(['slow']);
});

it('begins each of them once, also what begins when it is waited for', async () => {
  let begun = 0;
  const lazy: PromiseLike<string> = {
    // oxlint-disable-next-line unicorn/no-thenable -- such are the queries of drizzle-orm
    then: (fulfilled, rejected) => {
      begun++;
      return Promise.resolve('done').then(fulfilled, rejected);
    },
  };
  expect(await atOnce(lazy)).toEqual(['done']);
  expect(begun).toBe(1);
});
