import type { SagaEnd } from '@amends/contracts';
import { isCall } from '@amends/saga/internal';
import { rehearse } from '../rehearsal/rehearse.ts';
import type { Befalls, Rehearsal, RehearsedCause } from '../rehearsal/rehearsed.ts';
import type { RehearsedSaga } from '../rehearsal/rehearsed-saga.ts';
import { usualAnswer } from '../rehearsal/usual-answer.ts';
import { rehearsePath } from '../rehearsal/ways.ts';

/** What a cell must come to. */
export interface Expectation {
  readonly end: SagaEnd;
  readonly cause: RehearsedCause | null;
  /** Keys of the operations whose effects are in force at the end. */
  readonly live: readonly string[];
  /** Keys of those that may be, or not. */
  readonly maybe: readonly string[];
  /** In which order the saga's own steps are undone; null: that is not told. */
  readonly undone: readonly string[] | null;
}

/** What the rehearsal says of a cell: with the input that the cell has, and what befalls the call of that id. */
export const expectationOf = async (
  saga: RehearsedSaga,
  cell: { readonly path: string; readonly key: string; readonly input: unknown; readonly callId: string },
  befalls: Befalls | null,
): Promise<Expectation> => {
  const { path, key, input, callId } = cell;
  const happens = befalls === null ? {} : { [callId]: befalls };
  const rehearsal = await rehearsePath(saga, path, happens, { input });
  const { end, cause } = rehearsal;
  const { steps } = saga.definition;
  const own = rehearsal.undone.filter((id) => {
    const step = steps[id.split(':')[0] ?? id];
    return step !== undefined && isCall(step);
  });
  const live = end === 'completed' ? await liveAfter(saga, `${saga.definition.name}:${key}`, rehearsal) : [];
  return { end, cause, live, maybe: [], undone: own };
};

/** Everything that a completed saga, and the sagas that it started, have done. */
const liveAfter = async (
  { definition, app }: Pick<RehearsedSaga, 'definition' | 'app'>,
  id: string,
  { calls }: Rehearsal,
): Promise<readonly string[]> => {
  const keys: string[] = [];
  for (const call of calls.filter(({ came }) => came === 'done')) {
    const step = definition.steps[call.step];
    if (step === undefined) continue;
    if (isCall(step)) keys.push(`${id}/${call.id}`);
    const child = step.kind === 'child' ? app.sagas[step.saga] : undefined;
    if (child === undefined) continue;
    const usual = usualAnswer({ definition: child.definition, app }, call.input);
    const rehearsal = await rehearse(child.definition, { input: call.input, usual });
    const childId = `${child.definition.name}:${child.contract.key(call.input)}`;
    keys.push(...(await liveAfter({ definition: child.definition, app }, childId, rehearsal)));
  }
  return keys;
};
