import type { SagaView } from '../../packages/contracts/src/saga-view.ts';
import { paidAndShipped } from '../invariants/conservation.ts';
import { liveEffects } from '../invariants/live-effects.ts';
import { unlikeSagaEvents } from '../published-form.ts';
import { operationsOf, wrongRecords, type OperationFound } from '../invariants/operations.ts';
import type { Expectation } from './expectation.ts';
import type { Closed, Play } from './play.ts';

/** How Temporal shows each end (S16). */
const SHOWN = { completed: 'COMPLETED', compensated: 'FAILED', cancelled: 'CANCELLED' } as const;

/** Everything that is not as the oracle and the invariants say, in words. The databases are asked themselves, not the saga. */
export const wrongIn = async (
  play: Play,
  expected: Expectation,
  { view, shownAs }: Closed,
): Promise<readonly string[]> => {
  const { shop, published } = play.stage;
  const operations = await operationsOf(shop, play.key);
  const { live, wrong } = await liveEffects(shop, play.key, operations);
  return [
    ...endOf(view, shownAs, await withKnownCause(play, view, expected)),
    ...(published.has(`${play.id}/${expected.end}`) ? [] : [`${play.id}/${expected.end} was never published`]),
    ...unlikeSagaEvents([...published.values()].filter(({ data }) => data.sagaId === play.id)),
    ...wrongRecords(operations),
    ...wrong,
    ...leftOf(
      play,
      expected,
      live,
      operations.map(({ saga }) => saga),
    ),
    ...(expected.end === 'completed' && isPaidFor(operations) ? await paidAndShipped(shop, play.key) : []),
    ...undoneOf(play, expected),
  ];
};

/** Noes that say only that the saga had been undone before. */
const UNDONE: ReadonlySet<string | undefined> = new Set(['undone', 'blocked', 'sealed']);

/** A task that is lost takes along what it knew of the cause, when it had undone all before: its steps say that then. */
const withKnownCause = async (play: Play, view: SagaView, expected: Expectation): Promise<Expectation> =>
  UNDONE.has(view.cause?.code) && (await play.hasLostATask()) ? { ...expected, cause: view.cause } : expected;

/** Some sagas move goods alone. */
const isPaidFor = (operations: readonly OperationFound[]): boolean =>
  operations.some(({ service }) => service === 'payments');

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
  found: readonly string[],
  sagas: readonly string[],
): string[] => {
  const before = new Set(sagas.filter((saga) => play.cameBefore.has(saga)));
  const own = found.filter((key) => !before.has(key.split('/')[0] ?? ''));
  const mayBe = (key: string): boolean => maybe.includes('*') || maybe.some((id) => key.endsWith(`/${id}`));
  // an operation that leaves nothing by itself cannot be looked for
  const leaves = live.filter((key) => !key.includes('/cancelParcel:'));
  return [
    ...leaves.filter((key) => !own.includes(key) && !mayBe(key)).map((key) => `${key} should be in force, and is not`),
    ...own.filter((key) => !live.includes(key) && !mayBe(key)).map((key) => `${key} is still in force`),
  ];
};

/** S5: in the reverse order of their starts. */
const undoneOf = (play: Play, { undone }: Expectation): string[] => {
  if (undone === null) return [];
  const asked = Object.values(play.stage.shop.proxies)
    .flatMap(({ seen }) => seen.filter(({ op, key }) => op === 'undo' && key.startsWith(`${play.id}/`)))
    .toSorted((a, b) => a.at - b.at)
    .map(({ key }) => key.slice(play.id.length + 1));
  const order = [...new Set(asked)];
  return order.join() === undone.join() ? [] : [`undone were ${order.join()}, not ${undone.join()}`];
};
