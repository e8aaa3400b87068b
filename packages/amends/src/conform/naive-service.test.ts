import { expect, it, onTestFinished } from 'vitest';
import type { Flaw } from '../../../testing/fixtures/naive/flaws.ts';
import { NAIVE_FILE, NAIVE_TOKEN, serveNaive } from '../../../testing/fixtures/naive/serve.ts';
import { parseConformFile, runChecks, type Row } from './index.ts';

// The checker is held to what it must see: a service that is right but for one flaw fails in the rows of that flaw, and no others.

const file = parseConformFile(NAIVE_FILE, 'naive.yaml');

/** Where requests must meet, an action takes so long. */
const SLOW_MS = 25;
/** Long enough that it can be judged whether actions wait for each other. */
const VERY_SLOW_MS = 60;
const QUICK_MS = 3;
const WITHIN_MS = 120_000;
/** Twelve actions at once, fewer than lose records under load. */
const RACING_SAGAS = 3;

const both = (...promises: string[]): string[] => promises.flatMap((name) => [`${name} book`, `${name} tell`]);
const book = (...promises: string[]): string[] => promises.map((name) => `${name} book`);

interface Seen {
  /** `P1 book`; of the service as a whole `P10`. */
  readonly rows: readonly string[];
  /** What one of them says of it: the check, what was expected, what came. */
  readonly because: RegExp;
  readonly workMs?: number;
}

const table: Record<Flaw, Seen> = {
  'keys are ignored': {
    rows: [
      ...both('P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7', 'P9', 'P10', 'P11', 'input'),
      'P8 book',
      'P9',
      'P10',
      'P11',
      'input',
    ],
    because: /a repeat has no effect of its own.* expected the effect of \S+ 1 times, came it is there 2 times/,
  },
  'answers are made anew': {
    rows: [...both('P1', 'P2', 'P4', 'P10', 'P11', 'input'), 'P5 tell'],
    because: /a repeat is given the first answer, byte for byte.* expected the first answer byte for byte: 200/,
  },
  'bytes are compared': {
    rows: both('P1'),
    because: /the same JSON value is the same body, however it is written.* came 422 .*key-mismatch/,
  },
  'looks, then inserts': {
    rows: both('P1', 'P2'),
    because:
      /many at once have one effect and one answer.* expected the effect of \S+ 1 times, came it is there \d+ times/,
    workMs: SLOW_MS,
  },
  'repeats do not say so': {
    rows: [...both('P1', 'P11'), 'P8 book'],
    because: /a repeat says Idempotent-Replayed: true.* expected the header .* came none/,
  },
  'another body is a repeat': {
    rows: [...both('P2'), 'P8 book'],
    because: /the same key with another body is a mismatch.* expected 422 .* came 200/,
  },
  'another action is a repeat': {
    rows: both('P2'),
    because: /the same key for another action is a mismatch.* expected 422 .* came 200/,
  },
  'a key is not needed': {
    rows: both('P2'),
    because: /a request without a key is 400.* expected 400 .*key-missing, came 200/,
  },
  'an undo that comes first is forgotten': {
    rows: [...both('P3'), 'P4 book'],
    because: /the action that comes after it is refused for good.* expected 409 .*blocked, came 200/,
  },
  'an undo that comes first is 404': {
    rows: [...both('P3', 'P10'), 'P4 book'],
    because: /an undo that comes before its action is a success.* expected 200 with the operation .* came 404/,
  },
  'an undo of a refused action blocks it': {
    rows: book('P3'),
    because: /an undo of a refused action has nothing to undo.* in the state refused, came 200 .*"state":"blocked"/,
  },
  'what is undone is answered as done': {
    rows: book('P4'),
    because: /an action that comes after it was undone is refused.* expected 409 .*undone, came 200/,
  },
  'an undo does not wait for its action': {
    rows: book('P4'),
    because: /actions and undos of the same keys at once leave no effect.* expected 409 .*blocked, came 200/,
    workMs: SLOW_MS,
  },
  'an undo is done again': {
    rows: book('P5'),
    because: /an undo repeated is given the first answer.* not to be there, came it is there -1 times/,
  },
  'an undo compares bodies': {
    rows: book('P5'),
    because: /the body of an undo does not count for its repeats.* came 422 .*key-mismatch/,
  },
  'an action without undo is undone all the same': {
    rows: ['P5 tell'],
    because: /an action without undo refuses to be undone.* expected 409 .*undo-refused:no-undo, came 200/,
  },
  'settle tells no answer': {
    rows: both('P6'),
    because: /settle of a done action tells its stored answer.* expected answer: \{status: 200, .*"answer":null/,
  },
  'settle does not wait for its action': {
    rows: both('P6', 'P7'),
    because: /settles and actions of the same keys at once agree.* expected 409 .*blocked, came 200/,
    workMs: SLOW_MS,
  },
  'who hangs up leaves half': {
    rows: [...both('P1', 'P7'), 'P4 book'],
    because: /what settle says and what is there agree.* not to be there, came it is there 1 times/,
    workMs: SLOW_MS,
  },
  'records get lost under load': {
    rows: both('P7'),
    because: /many keys at once are each done.* in the state done, came 200 .*"state":"blocked"/,
    workMs: SLOW_MS,
  },
  'a refusal keeps what was written': {
    rows: book('P8'),
    because: /a refusal is 409 or 422 of its type, and has no effect.* not to be there, came it is there 1 times/,
  },
  'a refusal is not stored': {
    rows: book('P3', 'P6', 'P8'),
    because: /a refusal is repeated, byte for byte.* expected the header Idempotent-Replayed: true, came none/,
  },
  'a refusal has no type': {
    rows: book('P3', 'P6', 'P8'),
    because: /a refusal is 409 or 422 of its type.* expected 409 .*refused:full, came 409 .*about:blank/,
  },
  'an undo needs more than its key': {
    rows: book('P9'),
    because: /an undo needs nothing but the key.* came 400 .*started-missing/,
  },
  'looking blocks': {
    rows: [...both('P9'), 'P9'],
    because: /GET of an absent key does not keep the action from being done.* expected 2xx, came 409 .*blocked/,
  },
  'a seal refuses nothing': {
    rows: both('P10'),
    because: /a sealed saga starts nothing new here.* expected 409 .*sealed, came 200/,
  },
  'a seal does not wait': {
    rows: both('P10'),
    because:
      /nothing slips through a seal that races .* expected a list of \d+ operations, came a list of \d+, without/,
    workMs: SLOW_MS,
  },
  'a seal lists what is done': {
    rows: [...both('P10'), 'P10'],
    because: /its list has every operation, oldest first.* expected \[.*blocked.*\], came 200/,
  },
  'a list is cut off': {
    rows: ['P10'],
    because: /a long list is complete.* expected a list of 260 operations, came a list of 200, without/,
  },
  'actions of a saga wait for each other': {
    rows: both('P10'),
    because: /actions of one saga run side by side.* came \d+ ms: they wait for each other/,
    workMs: VERY_SLOW_MS,
  },
  'an old saga is as any other': {
    rows: [...both('P11'), 'P11'],
    because: /an action of an old saga is 410 expired.* expected 410 .*expired, came 200/,
  },
  'Saga-Started is not read': {
    rows: [...both('input'), 'input'],
    because: /without Saga-Started, or with a broken one, a new key is 400.*started-missing, came 200/,
  },
  'the token is not asked for': {
    rows: [...both('input'), 'input'],
    because: /without the token it is 401, and nothing is done.* expected 401 .* came 200/,
  },
  'anything is JSON': {
    rows: [...both('input'), 'input'],
    because: /a body that is not JSON is 400, and its key stays free.* expected 400 .* came 200/,
  },
};

const check = async (flaw: Flaw | undefined, workMs: number): Promise<readonly Row[]> => {
  const service = await serveNaive(flaw, workMs);
  onTestFinished(service.close);
  const { rows } = await runChecks(file, { url: service.url, token: NAIVE_TOKEN, racingSagas: RACING_SAGAS });
  return rows;
};

const nameOf = ({ promise, action }: Row): string => (action === null ? promise : `${promise} ${action}`);
const failed = (rows: readonly Row[]): Row[] => rows.filter(({ result }) => result === 'fail');

it(
  'passes a service without a flaw, whether its actions are quick or slow, and looks at all of it',
  async () => {
    expect(failed(await check(undefined, QUICK_MS))).toEqual([]);
    const rows = await check(undefined, VERY_SLOW_MS);
    expect(failed(rows)).toEqual([]);
    // no sample of `tell` is refused
    const unseen = rows.flatMap((row) => row.skipped.map(({ reason }) => `${nameOf(row)}: ${reason}`));
    expect(new Set(unseen)).toEqual(
      new Set(['P3 tell', 'P6 tell', 'P8 tell'].map((name) => `${name}: the file names no sample that is refused`)),
    );
  },
  WITHIN_MS,
);

it.each(Object.entries(table) as [Flaw, Seen][])(
  'sees that %s, in the rows where it shows, and says why',
  async (flaw, { rows, because, workMs = QUICK_MS }) => {
    const seen = failed(await check(flaw, workMs));
    expect(seen.map(nameOf).toSorted()).toEqual(rows.toSorted());
    const reasons = seen.flatMap(({ failures }) =>
      failures.map(({ check: says, expected, came }) => `${says}: expected ${expected}, came ${came}`),
    );
    expect(reasons.filter((reason) => because.test(reason))).not.toEqual([]);
  },
  WITHIN_MS,
);

it('has, for each promise that it checks, a flaw that shows there alone', () => {
  const alone = Object.values(table).flatMap(({ rows }) => {
    const promises = new Set(rows.map((row) => row.split(' ')[0]));
    return promises.size === 1 ? [...promises] : [];
  });
  expect(new Set(alone)).toEqual(
    new Set(['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7', 'P8', 'P9', 'P10', 'P11', 'input']),
  );
});
