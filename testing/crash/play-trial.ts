import { askAction, askOperation, untilDefinite } from './ask-service.ts';
import type { Expected, Found } from './expected.ts';
import type { Op } from './paths.ts';
import { leaveOpen, strike, type Place } from './strike.ts';
import type { About, Subject } from './subjects.ts';
import type { Remedy, Trial } from './trials.ts';

/** Of each trial's own SKU. */
export const ON_THE_SHELF = 1_000;

/** Plays a trial: the blow in the middle of a request, the process back, the request again until its answer is definite. */
export const playTrial = async (place: Place, trial: Trial): Promise<Expected> => {
  const { service } = place;
  const { subject, op, remedy, name } = trial;
  const about = await prepare(place, subject, { orderId: name, sku: name, answers: {} });
  const saga = `crashTest:${name}`;
  const key = `${saga}/tried`;
  const input = op === 'refused' ? (subject.refused?.(about) ?? {}) : subject.input(about);
  const act = (as = key) => askAction(service.url, subject, as, input);
  const ask = (what: Remedy) =>
    what === 'repeat' ? act() : askOperation(service.url, what, what === 'seal' ? saga : key);
  const expected = { orderId: about.orderId, saga, key };

  if (BEFORE[op] === 'done') await untilDefinite(() => act());
  if (BEFORE[op] === 'left open') await leaveOpen(place, key, act);
  const struck = STRUCK[op];
  await strike(place, trial, struck === 'seal' ? saga : key, () => ask(struck));
  const asked = struck === 'repeat' ? remedy : struck;
  const said = await untilDefinite(() => ask(asked));
  // late, as a network may deliver it
  const late = await untilDefinite(() => act(struck === 'seal' ? `${saga}/late` : key));
  return {
    ...expected,
    states: op === 'do' ? AFTER[remedy] : END[op],
    told: asked === 'undo' || asked === 'settle' ? said.says : undefined,
    sealed: asked === 'seal',
    answers: asked === 'repeat' ? [said.text, late.text] : undefined,
  };
};

/** What has come of the key before. */
const BEFORE: Partial<Readonly<Record<Op, 'done' | 'left open'>>> = {
  undo: 'done',
  'settle done': 'done',
  seal: 'done',
  'do left open': 'left open',
  'settle left open': 'left open',
  'undo left open': 'left open',
};
/** The request that is struck. */
const STRUCK: Readonly<Record<Op, Remedy>> = {
  do: 'repeat',
  refused: 'repeat',
  undo: 'undo',
  'undo early': 'undo',
  settle: 'settle',
  'settle done': 'settle',
  seal: 'seal',
  'do left open': 'repeat',
  'settle left open': 'settle',
  'undo left open': 'undo',
};
/** What an action that was struck may have come to, by what was asked then. */
const AFTER: Readonly<Record<Remedy, readonly Found[]>> = {
  repeat: ['done'],
  undo: ['undone', 'blocked'],
  settle: ['done', 'blocked'],
  seal: ['done', 'absent'],
};
const END: Readonly<Record<Exclude<Op, 'do'>, readonly Found[]>> = {
  refused: ['refused'],
  undo: ['undone'],
  'undo early': ['blocked'],
  settle: ['blocked'],
  'settle done': ['done'],
  seal: ['done'],
  'do left open': ['done'],
  'settle left open': ['done'],
  'undo left open': ['undone'],
};

const prepare = async ({ service, pool }: Place, subject: Subject, about: About): Promise<About> => {
  if (subject.service === 'inventory') {
    await pool.query('insert into stock (sku, available) values ($1, $2)', [about.sku, ON_THE_SHELF]);
  }
  let known = about;
  for (const before of subject.after ?? []) {
    const input = before.input(known);
    const key = `prepare:${about.orderId}/${before.action}`;
    const { json, status } = await untilDefinite(() => askAction(service.url, before, key, input));
    if (status !== 200) throw new Error(`${before.action} before ${subject.action} is answered ${status}`);
    known = { ...known, answers: { ...known.answers, ...(json as object) } };
  }
  return known;
};
