import type { Hold } from '../../services/card-provider/decide.ts';
import { compareWithProvider } from '../invariants/provider-books.ts';
import type { Verdict } from './judge.ts';
import type { Place } from './strike.ts';

/** Answers, each time, where payments and the card provider have come to disagree since it was asked last, in words. */
export const booksOf = ({ provider, pool }: Pick<Place, 'provider' | 'pool'>): (() => Promise<Verdict>) => {
  const known = new Set<string>();
  return async () => {
    if (provider === undefined) return { doubled: [], lost: [] };
    const holds = await holdsAt(provider.url);
    const compared = await compareWithProvider({ pools: { payments: pool }, provider: { holds: () => holds } });
    const { surplus, unlike } = compared;
    const fresh = {
      doubled: surplus.filter((words) => !known.has(words)),
      lost: unlike.filter((words) => !known.has(words)),
    };
    for (const words of [...surplus, ...unlike]) known.add(words);
    return fresh;
  };
};

const holdsAt = async (url: string): Promise<readonly Hold[]> => {
  const holds: Hold[] = [];
  for (let cursor: string | null = '0'; cursor !== null;) {
    const page = (await (await fetch(`${url}/holds?cursor=${cursor}`)).json()) as {
      items: Hold[];
      next: string | null;
    };
    holds.push(...page.items);
    cursor = page.next;
  }
  return holds;
};
