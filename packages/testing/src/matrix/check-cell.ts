import type { SagaView } from '@amends/contracts';
import { isCall, type Step } from '@amends/saga/internal';
import { unlikeContract } from '../bench/unlike-contract.ts';
import { effectsByRecords, type Effects } from '../services/effects.ts';
import { operationsOf, wrongRecords } from '../services/operations.ts';
import type { RehearsedSaga } from '../rehearsal/rehearsed-saga.ts';
import type { Expectation } from './expectation.ts';
import type { Closed, Play } from './play.ts';

/** How Temporal shows each end (S16). */
const SHOWN = { completed: 'COMPLETED', compensated: 'FAILED', cancelled: 'CANCELLED' } as const;

/** Everything that is not as the oracle says, in words. The services are asked themselves, not the saga. */
export const wrongIn = async (
  play: Play,
  { app }: Pick<RehearsedSaga, 'app'>,
  expected: Expectation,
  { view, shownAs }: Closed,
): Promise<readonly string[]> => {
  const { stage, services, published } = play.on;
  const operations = await operationsOf(services, play.key);
  const ended = { id: play.id, key: play.key, end: expected.end, operations };
  const stepOfKey = (key: string): Step | undefined => {
    const [saga = '', id = ''] = key.split('/');
    return app.sagas[saga.split(':')[0] ?? '']?.definition.steps[id.split(':')[0] ?? ''];
  };
  const effects =
    (await stage.effects(services, ended)) ??
    effectsByRecords(ended, (key) => {
      const step = stepOfKey(key);
      return step?.kind === 'compensable' && step.undo === null;
    });
  const isRecorded = (key: string): boolean => {
    const step = stepOfKey(key);
    return step === undefined || !isCall(step) || step.service in services.pools;
  };
  return [
    ...endOf(view, shownAs, await withKnownCause(play, view, expected)),
    ...(published.has(`${play.id}/${expected.end}`) ? [] : [`${play.id}/${expected.end} was never published`]),
    ...unlikeContract(
      stage.app,
      [...published.values()].filter(({ data }) => data.sagaId === play.id),
    ),
    ...wrongRecords(operations),
    ...effects.wrong,
    ...leftOf(
      play,
      { ...expected, live: expected.live.filter(isRecorded) },
      effects,
      operations.map(({ saga }) => saga),
    ),
    ...undoneOf(play, expected),
  ];
};

/** Noes that say only that the saga had been undone before. */
const UNDONE: ReadonlySet<string | undefined> = new Set(['undone', 'blocked', 'sealed']);

/** A task that is lost takes along what it knew of the cause, when it had undone all before: its steps say that then. */
const withKnownCause = async (play: Play, view: SagaView, expected: Expectation): Promise<Expectation> =>
  UNDONE.has(view.cause?.code) && (await play.hasLostATask()) ? { ...expected, cause: view.cause } : expected;

const endOf = (view: SagaView, shownAs: string, { end, cause }: Expectation): string[] => {
  const wrong: string[] = [];
  if (view.status !== end) wrong.push(`it ended ${view.status}, not ${end}`);
  if (shownAs !== SHOWN[end]) wrong.push(`Temporal shows it as ${shownAs}, not ${SHOWN[end]}`);
  const said = [cause, view.cause].map((one) => one && `${stepOf(one.step)} ${one.outcome} (${one.code})`);
  if (said[0] !== said[1]) wrong.push(`its cause is ${said[1]}, not ${said[0]}`);
  for (const { name, instance, state, discharge } of view.steps) {
    if (state !== 'pending' && discharge === null)
      wrong.push(`${name} ${instance ?? ''} is ${state} and not discharged`);
  }
  return wrong;
};

/** Which instance of a loop comes first to the end of their common budget is nobody's promise. */
const stepOf = (id: string | null): string => id?.split(':')[0] ?? 'saga';

/** What is in force of this saga, and of those that it started, is just what the oracle says. */
const leftOf = (
  play: Play,
  { live, maybe }: Expectation,
  { inForce, untold = [] }: Effects,
  sagas: readonly string[],
): string[] => {
  const before = new Set(sagas.filter((saga) => play.cameBefore.has(saga)));
  const own = inForce.filter((key) => !before.has(key.split('/')[0] ?? ''));
  const isJudged = (key: string): boolean =>
    !untold.includes(key) && !maybe.includes('*') && !maybe.some((id) => key.endsWith(`/${id}`));
  return [
    ...live.filter((key) => !own.includes(key) && isJudged(key)).map((key) => `${key} should be in force, and is not`),
    ...own.filter((key) => !live.includes(key) && isJudged(key)).map((key) => `${key} is still in force`),
  ];
};

/** S5: in the reverse order of their starts. */
const undoneOf = (play: Play, { undone }: Expectation): string[] => {
  if (undone === null) return [];
  const asked = Object.values(play.on.services.proxies)
    .flatMap(({ seen }) => seen.filter(({ op, key }) => op === 'undo' && key.startsWith(`${play.id}/`)))
    .toSorted((a, b) => a.at - b.at)
    .map(({ key }) => key.slice(play.id.length + 1));
  const order = [...new Set(asked)];
  return order.join() === undone.join() ? [] : [`undone were ${order.join()}, not ${undone.join()}`];
};
