import { actionOf } from './application.ts';
import { elsewhen } from './elsewhen.ts';
import type { Rehearsal } from './rehearsed.ts';
import type { RehearsedSaga } from './rehearsed-saga.ts';
import { pathsOf, rehearsePath, type Way } from './ways.ts';

/** Rules that any way through a saga breaks (S8), and inputs and results that are not what was agreed; each in words, once. */
export const brokenOn = (saga: RehearsedSaga, ways: readonly Way[]): readonly string[] => [
  ...new Set(ways.flatMap(({ rehearsal }) => [...rehearsal.wrong, ...notAgreed(saga, rehearsal)])),
];

const notAgreed = ({ definition, contract, app }: RehearsedSaga, { calls, end, result }: Rehearsal): string[] => {
  const inputs = calls.flatMap(({ id, step, input }) => {
    const called = definition.steps[step];
    if (called === undefined || called.kind === 'event' || called.kind === 'approval') return [];
    const schema = called.kind === 'child' ? app.sagas[called.saga]?.contract.input : actionOf(app, called)?.input;
    return schema?.safeParse(input).success === false ? [`${id} is called with what its contract does not take`] : [];
  });
  const agreed = end !== 'completed' || contract.result.safeParse(result).success;
  return agreed ? inputs : [...inputs, 'its result is not what its contract says'];
};

const ANOTHER_START = '2031-07-11T23:59:59.999Z';

/**
 * S19: what a step is sent depends only on the saga's input and on what steps answered. Each path is rehearsed again with the same input, at
 * another start, at another time of day and other dice, and with the answers of each wave in the opposite order: all send the same.
 */
export const changingInputs = async (saga: RehearsedSaga): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const path of pathsOf(saga)) {
    const first = sentIn(await rehearsePath(saga, path));
    const again = await rehearsePath(saga, path);
    const later = await rehearsePath(saga, path, {}, { startedAt: ANOTHER_START });
    const byTheClock = await elsewhen(() => rehearsePath(saga, path));
    const reversed = await rehearsePath(saga, path, {}, { arrive: 'reversed' });
    found.push(
      ...differing(first, sentIn(again), 'on a second run of the flow'),
      ...differing(first, sentIn(later), 'when the saga starts at another time'),
      ...differing(first, sentIn(byTheClock), 'at another time of day, or with other dice'),
      ...differing(first, sentIn(reversed), 'when answers arrive in another order'),
    );
  }
  return [...new Set(found)];
};

const sentIn = ({ calls }: Rehearsal): ReadonlyMap<string, string> =>
  new Map(calls.map(({ id, input }) => [id, JSON.stringify(input) ?? '']));

const differing = (one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>, when: string): string[] =>
  [...new Set([...one.keys(), ...other.keys()])]
    .filter((id) => one.get(id) !== other.get(id))
    .map((id) => `${id} is not sent the same ${when}`);
