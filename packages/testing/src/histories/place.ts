import type { Step } from '@amends/saga';
import type { RehearsedCall } from '../rehearsal/rehearsed.ts';
import type { RehearsedSaga } from '../rehearsal/rehearsed-saga.ts';
import { pathsOf, rehearsePath } from '../rehearsal/ways.ts';

/** A step on the first path that takes it; of a loop the last instance. */
export interface Place<S extends Step = Step> {
  readonly way: string;
  readonly call: RehearsedCall;
  readonly step: S;
}

/** Every step that is reached, in the order of the paths. */
export const placesOf = async (saga: RehearsedSaga): Promise<readonly Place[]> => {
  const places = new Map<string, Place>();
  for (const way of pathsOf(saga)) {
    const { calls } = await rehearsePath(saga, way);
    for (const [name, call] of new Map(calls.map((one) => [one.step, one]))) {
      const step = saga.definition.steps[name];
      if (step !== undefined && !places.has(name)) places.set(name, { way, call, step });
    }
  }
  return [...places.values()];
};

/** The last step before the point of no return that calls a service; undefined where all are waits, children, or past it. */
export const lastCompensable = (places: readonly Place[]): Place<Step<'compensable'>> | undefined =>
  places.filter((place): place is Place<Step<'compensable'>> => place.step.kind === 'compensable').at(-1);

export const pivotAmong = (places: readonly Place[]): Place<Step<'pivot'>> | undefined =>
  places.find((place): place is Place<Step<'pivot'>> => place.step.kind === 'pivot');

export const retriablesAmong = (places: readonly Place[]): readonly Place<Step<'retriable'>>[] =>
  places.filter((place): place is Place<Step<'retriable'>> => place.step.kind === 'retriable');
