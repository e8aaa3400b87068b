import { startBetween } from '../../packages/testing/fixtures/between.ts';

/** When the connection breaks: before the database gets COMMIT, as soon as it has got it, or when it has answered it. */
export const CUTS = ['before', 'in', 'after'] as const;
export type Cut = (typeof CUTS)[number];

/** Stands between a service and its PostgreSQL, and cuts the connection of one request at its COMMIT; no answer comes through. */
export interface CommitCutter {
  readonly url: string;
  /**
   * The request is known by its key, which each of its transactions sends; `time` 2 is its second COMMIT. Resolves when the
   * connection is cut; rejects when that COMMIT does not come.
   */
  readonly cut: (key: string, at: Cut, time: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** As the protocol frames a simple query. */
const BEGIN = /Q\0...begin /s;
const COMMIT = /Q\0\0\0.commit\0/s;
const COMES_WITHIN_MS = 20_000;

interface Plan {
  readonly key: string;
  readonly at: Cut;
  /** How many COMMITs of it are let through before. */
  spared: number;
  readonly done: () => void;
}

export const startCommitCutter = async (databaseUrl: string): Promise<CommitCutter> => {
  let plan: Plan | undefined;
  const { url, close } = await startBetween(databaseUrl, ({ client, upstream, close: breakOff }) => {
    const forward = (data: Buffer): void => void client.write(data);
    /** Whether the transaction under way is of the request that is meant. */
    let meant = false;
    client.on('data', (data) => {
      const text = data.toString('latin1');
      if (BEGIN.test(text)) meant = false;
      meant ||= plan !== undefined && text.includes(plan.key);
      if (!meant || plan === undefined || !COMMIT.test(text) || plan.spared-- > 0) {
        upstream.write(data);
        return;
      }
      const { at, done } = plan;
      plan = undefined;
      const cut = (): void => {
        breakOff();
        done();
      };
      upstream.off('data', forward);
      if (at === 'before') return cut();
      if (at === 'after') upstream.on('data', (answer) => answer.includes('COMMIT\0') && cut());
      upstream.write(data, () => at === 'in' && cut());
    });
    upstream.on('data', forward);
  });
  return {
    url,
    cut: (key, at, time) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error('its COMMIT never came')), COMES_WITHIN_MS);
        const done = (): void => {
          clearTimeout(late);
          resolve();
        };
        plan = { key, at, spared: time - 1, done };
      }),
    close,
  };
};
