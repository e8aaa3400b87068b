import { readFile } from 'node:fs/promises';
import { tableOf } from './markdown.ts';
import { newKey, send, type Answered } from '../packages/testing/src/services/saga-client.ts';

/** The columns of the state table in docs/participants.md. */
export const STATE_REQUESTS = ['do, same body', 'do, other body', 'undo', 'settle', 'seal'] as const;
export type StateRequest = (typeof STATE_REQUESTS)[number];

/** What a cell says: the status, and the problem's type or the operation's state, where it names one. */
export interface StateCell {
  readonly status: number;
  readonly says: string | undefined;
}

/** How a key is, and what each request is answered then; undefined where the table has a dash. */
export interface StateRow {
  readonly is: string;
  readonly cells: readonly (readonly [StateRequest, StateCell | undefined])[];
}

/** `code`: what stands for `<code>`. */
export const readStateTable = async (code: string): Promise<StateRow[]> => {
  const rows = tableOf(await readFile('docs/participants.md', 'utf8'), 'the key is');
  return rows.map((row) => ({
    is: row['the key is'] ?? '',
    cells: STATE_REQUESTS.map((request) => [request, cellOf((row[request] ?? '').replace('<code>', code))] as const),
  }));
};

const cellOf = (text: string): StateCell | undefined => {
  const [, status] = /`(\d{3})`/.exec(text) ?? [];
  if (status === undefined) return undefined;
  const [, type] = /`\d{3}` `([a-z:-]+)`/.exec(text) ?? [];
  const [, state] = /→ (\w+)/.exec(text) ?? [];
  return { status: Number(status), says: type ?? state };
};

const TOO_OLD = 'absent, saga too old';
const LONG_AGO = '2001-01-01T00:00:00Z';

type Ask = (key: string, started?: string) => Promise<Answered>;

/** Each request of the table, at a service. `same` and `other`: two bodies that its action takes. */
export const requestsAt = (
  url: string,
  { action, same, other }: { readonly action: string; readonly same: unknown; readonly other: unknown },
): Readonly<Record<StateRequest, Ask>> => {
  const asking =
    (path: string, body?: unknown): Ask =>
    (key, started) =>
      send(url, path, { key, body, ...(started !== undefined && { started }) });
  const seal = asking('/saga-operations/seal');
  return {
    'do, same body': asking(action, same),
    'do, other body': asking(action, other),
    undo: asking('/saga-operations/undo'),
    settle: asking('/saga-operations/settle'),
    seal: (key, started) => seal(key.slice(0, key.lastIndexOf('/')), started),
  };
};

/** How a key comes into each state but `refused`, which is the service's own, and `in flight`. */
export const waysInto = (ask: Readonly<Record<StateRequest, Ask>>) => {
  const act = ask['do, same body'];
  const both = (first: Ask, second: Ask) => async (key: string) => {
    await first(key);
    await second(key);
  };
  const nothing = () => Promise.resolve();
  const ways: Readonly<Record<string, (key: string) => Promise<unknown>>> = {
    absent: nothing,
    done: act,
    undone: both(act, ask.undo),
    blocked: ask.undo,
    'absent, saga sealed': ask.seal,
    'done, saga sealed': both(act, ask.seal),
    [TOO_OLD]: nothing,
  };
  return ways;
};

/** What a key in that state answers; what an action itself answers counts as nothing said. */
export const answerIn = async (
  state: string,
  request: StateRequest,
  ask: Readonly<Record<StateRequest, Ask>>,
  ways: ReturnType<typeof waysInto>,
): Promise<StateCell> => {
  const key = newKey();
  await ways[state]?.(key);
  const { status, says, headers } = await ask[request](key, state === TOO_OLD ? LONG_AGO : undefined);
  const type = headers.get('content-type');
  const expected = status < 300 ? 'application/json' : 'application/problem+json';
  if (type !== expected) throw new Error(`${status} came as ${type}`);
  return { status, says: request.startsWith('do') && status < 300 ? undefined : says };
};
