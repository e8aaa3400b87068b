import { randomUUID } from 'node:crypto';
import { expect, vi } from 'vitest';
import { freshDatabase } from '../packages/testing/src/servers/database.ts';
import { newKey, send, type Answered } from '../packages/testing/src/services/saga-client.ts';
import { startTillProvider, type TillProvider } from './till-provider.ts';
import { migrateTill, startTill, type Till } from './till.ts';

/** A key and the order that it is for. */
export interface Case {
  readonly key: string;
  readonly order: string;
}

export const newCase = (): Case => ({ key: newKey('holdMoney'), order: `o-${randomUUID()}` });

type Ask = (till: Pick<Till, 'url'>, one: Case) => Promise<Answered>;

export const hold = (till: Pick<Till, 'url'>, { key, order }: Case, amount = 1): Promise<Answered> =>
  send(till.url, '/tills', { key, body: { order, amount } });
export const payOut: Ask = ({ url }, { key, order }) => send(url, '/payouts', { key, body: { order } });
export const undo: Ask = ({ url }, { key }) => send(url, '/saga-operations/undo', { key });
export const settle: Ask = ({ url }, { key }) => send(url, '/saga-operations/settle', { key });
export const seal: Ask = ({ url }, { key }) => send(url, '/saga-operations/seal', { key: key.split('/')[0] });

type Path = '/holds' | '/voids';

/** Two processes of the till, or as good as two, on one database and one provider. */
export interface TillBench {
  readonly databaseUrl: string;
  readonly provider: TillProvider;
  readonly here: Till;
  readonly there: Till;
  /** What the provider has of an order. */
  readonly holdsOf: (one: Case) => { readonly order: string; held: boolean }[];
  /** How much of it is still held. */
  readonly heldOf: (one: Case) => number;
  /** The provider keeps the next request of that path waiting, with its effect done, until `letGo`. */
  readonly holdUp: (path: Path) => void;
  /** Sends what is kept waiting, and resolves when the provider has it. */
  readonly begin: (path: Path, ask: () => Promise<unknown>) => Promise<void>;
  /** Ends every wait, and waits for what was begun. */
  readonly letGo: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export const startTillBench = async (): Promise<TillBench> => {
  const [database, provider] = await Promise.all([freshDatabase(), startTillProvider()]);
  const here = await startTill(database.url, provider.url);
  const there = await startTill(database.url, provider.url);
  await migrateTill(here.pool);
  const gates: (() => void)[] = [];
  const begun = new Set<Promise<unknown>>();
  const holdsOf = ({ order }: Case) => [...provider.holds.values()].filter((each) => each.order === order);
  const holdUp = (path: Path): void => {
    const opened = new Promise<void>((resolve) => {
      gates.push(resolve);
    });
    provider.befall(path, opened);
  };
  return {
    databaseUrl: database.url,
    provider,
    here,
    there,
    holdsOf,
    heldOf: (one) => holdsOf(one).filter(({ held }) => held).length,
    holdUp,
    begin: async (path, ask) => {
      holdUp(path);
      const from = provider.seen.length;
      begun.add(ask());
      await vi.waitFor(() => expect(provider.seen.slice(from).some((one) => one.path === path)).toBe(true));
    },
    letGo: async () => {
      for (const open of gates.splice(0)) open();
      await Promise.all(begun);
      begun.clear();
    },
    close: async () => {
      await Promise.all([here.close(), there.close(), provider.close()]);
      await database.drop();
    },
  };
};
