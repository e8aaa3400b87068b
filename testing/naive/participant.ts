import { setTimeout as sleep } from 'node:timers/promises';
import { parseOperationKey } from '../../packages/participant/src/operations/operation-key.ts';
import { fingerprint } from '../../packages/runtime/src/fingerprint.ts';
import { json, problem, type NaiveAnswer } from './answer.ts';
import type { Flaw } from './flaws.ts';
import { Turns } from './turns.ts';

type State = 'done' | 'refused' | 'undone' | 'blocked';

interface Row {
  readonly key: string;
  readonly saga: string;
  readonly startedAt: string;
  state: State;
  action: string | null;
  print: string;
  id: string;
  answer: NaiveAnswer | undefined;
  endedAt: string;
  undoBody: string | undefined;
}

/** A `do`, as it came. `gone`: whether who sent it has hung up. */
export interface Act {
  readonly key: string;
  readonly action: 'book' | 'tell';
  readonly text: string;
  readonly body: { readonly id: string; readonly seats: number };
  /** Why a key that is not known may not become known. */
  readonly refusedByAge: NaiveAnswer | undefined;
  readonly gone: () => boolean;
}

const MOST_SEATS = 10;
const PAGE = 200;
/** So many actions at once. */
const MUCH_WORK = 14;

/**
 * Seats are booked and may be given back; guests are told, for good. All in memory, and right, but for one flaw: whatever stands
 * between two `await`s is its transaction.
 */
export const naiveParticipant = (flaw: Flaw | undefined, workMs: number) => {
  const is = (name: Flaw): boolean => flaw === name;
  const rows = new Map<string, Row>();
  const seals = new Set<string>();
  const effects = new Map<string, number>();
  const turns = new Turns();
  const inFlight = new Turns();
  const sagas = new Turns();
  let atWork = 0;

  const add = (id: string, many: number): void => void effects.set(id, (effects.get(id) ?? 0) + many);
  const record = (key: string, state: State, more: Partial<Row> = {}): Row => {
    const { saga = '' } = parseOperationKey(key) ?? {};
    const at = new Date().toISOString();
    const row: Row = {
      key,
      saga,
      startedAt: at,
      endedAt: at,
      state,
      action: null,
      print: '',
      id: '',
      answer: undefined,
      undoBody: undefined,
      ...more,
    };
    rows.set(key, row);
    return row;
  };

  const operation = ({ key, saga, action, state, startedAt, endedAt, answer }: Row, withAnswer = false) => {
    const { step, instance } = parseOperationKey(key) ?? {};
    const told = withAnswer && answer !== undefined && (state === 'done' || state === 'refused');
    const stored = told ? { status: answer.status, body: JSON.parse(answer.text) as unknown } : null;
    return { key, saga, step, instance, action, state, startedAt, endedAt, answer: stored };
  };

  const repeated = (row: Row, print: string): NaiveAnswer => {
    if (row.state === 'blocked') return problem(409, 'blocked');
    if (row.print !== print && !is('another body is a repeat')) return problem(422, 'key-mismatch');
    if (row.state === 'undone' && !is('what is undone is answered as done')) return problem(409, 'undone');
    if (row.state === 'done' && is('answers are made anew'))
      return json({ booked: row.id, at: performance.now() }, true);
    return { status: 500, text: 'null', ...row.answer, replayed: !is('repeats do not say so') };
  };

  const run = async (act: Act, print: string): Promise<NaiveAnswer> => {
    const { key, action, body, gone } = act;
    const refused = body.seats > MOST_SEATS;
    const half = is('who hangs up leaves half');
    if (half && !refused) add(body.id, 1);
    const isMuch = ++atWork > MUCH_WORK;
    await sleep(workMs);
    atWork--;
    if (half && gone()) return problem(500, 'internal');
    if (refused) {
      if (is('a refusal keeps what was written')) add(body.id, 1);
      const answer = is('a refusal has no type')
        ? { status: 409, text: '{"type":"about:blank","title":"full","status":409}' }
        : problem(409, 'refused:full');
      if (!is('a refusal is not stored')) record(key, 'refused', { action, print, id: body.id, answer });
      return answer;
    }
    if (!half) add(body.id, 1);
    const answer = json({ booked: body.id });
    if (!(isMuch && is('records get lost under load'))) record(key, 'done', { action, print, id: body.id, answer });
    return answer;
  };

  const act = async (asked: Act): Promise<NaiveAnswer> => {
    const { key, action, text, body, refusedByAge } = asked;
    const { saga = '' } = parseOperationKey(key) ?? {};
    const print = is('bytes are compared')
      ? `${action} ${text}`
      : fingerprint(is('another action is a repeat') ? body : { action, body });
    if (is('keys are ignored')) return run(asked, print);
    const before = rows.get(key);
    return turns.take(key, async () => {
      const row = is('looks, then inserts') ? before : rows.get(key);
      if (row !== undefined) return repeated(row, print);
      if (refusedByAge !== undefined) return refusedByAge;
      if (seals.has(saga) && !is('a seal refuses nothing')) return problem(409, 'sealed');
      const work = () => inFlight.join(saga, () => run(asked, print));
      return is('actions of a saga wait for each other') ? sagas.take(saga, work) : work();
    });
  };

  const undoNow = (key: string, text: string, refusedByAge: NaiveAnswer | undefined): NaiveAnswer => {
    const row = rows.get(key);
    if (row === undefined) {
      if (refusedByAge !== undefined) return refusedByAge;
      if (is('an undo that comes first is 404')) return problem(404, 'not-found');
      const blocked = record(key, 'blocked');
      if (is('an undo that comes first is forgotten')) rows.delete(key);
      return json(operation(blocked));
    }
    if (row.state === 'refused' && is('an undo of a refused action blocks it')) row.state = 'blocked';
    const again = row.state === 'undone';
    if (again && is('an undo compares bodies') && row.undoBody !== text) return problem(422, 'key-mismatch');
    if (row.state !== 'done' && !(again && is('an undo is done again'))) return json(operation(row), true);
    if (row.action === 'tell' && !is('an action without undo is undone all the same'))
      return problem(409, 'undo-refused:no-undo');
    add(row.id, -1);
    if (!again) Object.assign(row, { state: 'undone', endedAt: new Date().toISOString(), undoBody: text });
    return json(operation(row), again);
  };

  const settleNow = (key: string, refusedByAge: NaiveAnswer | undefined): NaiveAnswer => {
    const row = rows.get(key);
    if (row === undefined) return refusedByAge ?? json(operation(record(key, 'blocked')));
    return json(operation(row, !is('settle tells no answer')), true);
  };

  const list = (saga: string, cursor: number, only?: State): NaiveAnswer => {
    const all = [...rows.values()].filter((row) => row.saga === saga && (only === undefined || row.state === only));
    const items = all.slice(cursor, cursor + PAGE).map((row) => operation(row));
    const next = all.length > cursor + PAGE && !is('a list is cut off') ? String(cursor + PAGE) : null;
    return json({ saga, sealed: seals.has(saga), items, next });
  };

  return {
    act,
    undo: (key: string, text: string, refusedByAge: NaiveAnswer | undefined) =>
      is('an undo does not wait for its action')
        ? undoNow(key, text, refusedByAge)
        : turns.take(key, () => undoNow(key, text, refusedByAge)),
    settle: (key: string, refusedByAge: NaiveAnswer | undefined) =>
      is('settle does not wait for its action')
        ? settleNow(key, refusedByAge)
        : turns.take(key, () => settleNow(key, refusedByAge)),
    seal: async (saga: string, cursor: number, refusedByAge: NaiveAnswer | undefined): Promise<NaiveAnswer> => {
      if (!seals.has(saga) && refusedByAge !== undefined) return refusedByAge;
      seals.add(saga);
      if (!is('a seal does not wait')) await inFlight.over(saga);
      return list(saga, cursor, is('a seal lists what is done') ? 'done' : undefined);
    },
    list,
    look: (key: string): NaiveAnswer => {
      const row = rows.get(key);
      if (row === undefined && is('looking blocks')) record(key, 'blocked');
      return row === undefined ? problem(404, 'not-found') : json(operation(row));
    },
    count: (id: string): NaiveAnswer => json({ count: effects.get(id) ?? 0 }),
  };
};
export type NaiveParticipant = ReturnType<typeof naiveParticipant>;
