import type { Shop } from '../shop.ts';
import { EFFECTS, type EffectKind } from './effects.ts';
import type { OperationFound } from '../../packages/testing/src/services/operations.ts';

/** What is in force, by the keys of the operations that made it, and where effects and operations do not agree, in words. */
export interface LiveEffects {
  readonly live: readonly string[];
  readonly wrong: readonly string[];
}

interface Trace {
  readonly ref: string;
  readonly live: boolean;
}

/**
 * Compares what is in the services' tables with their records of operations, both ways: every effect has its operation, every operation its
 * effect, what was undone is not in force, what is done is.
 */
export const liveEffects = async (
  { pools }: Pick<Shop, 'pools'>,
  key: string,
  operations: readonly OperationFound[],
): Promise<LiveEffects> => {
  const compared = EFFECTS.map(async (kind) => {
    const { rows } = await pools[kind.service].query<Trace>(kind.traces, [key]);
    return compare(kind, rows, operations);
  });
  const all = await Promise.all(compared);
  return { live: all.flatMap(({ live }) => live), wrong: all.flatMap(({ wrong }) => wrong) };
};

const compare = (kind: EffectKind, traces: readonly Trace[], operations: readonly OperationFound[]): LiveEffects => {
  const { service, action } = kind;
  const left = [...traces];
  const wrong: string[] = [];
  const live: string[] = [];
  const made = operations.filter((one) => one.service === service && one.action === action);
  for (const operation of made.filter(({ state }) => state === 'done' || state === 'undone')) {
    const ref = kind.refOf(operation);
    const at = left.findIndex((trace) => trace.ref === ref);
    const [trace] = at < 0 ? [] : left.splice(at, 1);
    const { key, state } = operation;
    if (trace === undefined) wrong.push(`${key} is ${state}, and left nothing at ${service}`);
    else if (state === 'undone' && trace.live) wrong.push(`${key} is undone, and what it did is still in force`);
    else if (state === 'done' && !trace.live && !takenAway(operation, operations)) {
      wrong.push(`${key} is done, and what it did is not in force`);
    }
    if (trace?.live === true) live.push(key);
  }
  for (const { ref } of left) wrong.push(`${service} has ${ref} of ${action}, and no operation that made it`);
  return { live, wrong };
};

/** A parcel may be cancelled by another action than the undo of its booking. */
const takenAway = ({ action, input }: OperationFound, operations: readonly OperationFound[]): boolean =>
  action === 'book' &&
  operations.some(
    (other) =>
      other.action === 'cancelParcel' && other.state === 'done' && other.input['warehouse'] === input['warehouse'],
  );
