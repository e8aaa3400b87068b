import { createHash } from 'node:crypto';
import { decide, type Decision, type Hold, type ProviderAnswer, type Wish } from './decide.ts';
import { openJournal } from './journal.ts';

/** All that the provider knows. */
export interface Bank {
  /** Grants or refuses a wish, once a key, and answers when that is on the disk. `reused`: the key came with another wish. */
  readonly ask: (key: string, wish: Wish) => Promise<ProviderAnswer | 'reused'>;
  /** Every hold, oldest first, as of now. */
  readonly holds: () => readonly Hold[];
  /** Resolves with the reason when it can keep nothing any more: it has to be opened anew. */
  readonly broken: Promise<unknown>;
  /** Throws when there is no space for a decision. */
  readonly checkSpace: () => Promise<void>;
  readonly close: () => Promise<void>;
}

interface Entry extends Decision {
  readonly key: string;
  readonly print: string;
}

interface Known {
  readonly print: string;
  readonly answer: Promise<ProviderAnswer>;
}

/** What tells a wish from another; the order of its members does not. */
const printOf = (wish: Wish): string =>
  createHash('sha256')
    .update(JSON.stringify(wish, Object.keys(wish).toSorted()))
    .digest('hex');

/** Opens the bank whose journal lies there, as it was when it was closed or killed. */
export const openBank = async (path: string): Promise<Bank> => {
  const holds = new Map<string, Hold>();
  const known = new Map<string, Known>();
  const change = ({ hold }: Decision): void => {
    if (hold !== undefined) holds.set(hold.id, hold);
  };
  const journal = await openJournal(path, (line) => {
    const entry = line as Entry;
    change(entry);
    known.set(entry.key, { print: entry.print, answer: Promise.resolve(entry.answer) });
  });
  return {
    ask: async (key, wish) => {
      const print = printOf(wish);
      const before = known.get(key);
      if (before !== undefined) return before.print === print ? before.answer : 'reused';
      const decision = decide(holds, wish, new Date().toISOString());
      change(decision);
      const entry: Entry = { key, print, ...decision };
      const answer = journal.append(entry).then(() => decision.answer);
      known.set(key, { print, answer });
      return answer;
    },
    holds: () => [...holds.values()],
    broken: journal.broken,
    checkSpace: () => journal.checkSpace(),
    close: () => journal.close(),
  };
};
