import type { Strike } from '../../faults/fault-rule.ts';
import { timesAt } from '../place.ts';
import type { PlayTimes } from '../play.ts';
import type { Scene } from '../scene.ts';

/** A request that is held is not to run out of time. */
const LONG = { attempt: 60_000, budget: 120_000 };

/** A saga that is at a step: its request is held, before the service sees it or after, or it waits. */
export interface Held {
  readonly strike: Strike | null;
  /** Whether its request is held, and somebody waits for the answer. */
  readonly isHeld: () => boolean;
  /** Lets the request go on, or answers the wait. */
  readonly goOn: () => Promise<void>;
}

/** Starts a saga and brings it to the step of its place, and keeps it there. */
export const holdThere = async (scene: Scene, where: 'before' | 'after', times: PlayTimes = {}): Promise<Held> => {
  const { place, play, begin, strike, struck, target, answer } = scene;
  if (place.step.kind === 'event' || place.step.kind === 'approval') {
    await begin(times);
    await play.waits(place.call.id);
    return {
      strike: null,
      isHeld: () => true,
      goOn: async () => {
        await answer();
      },
    };
  }
  const strikes = await strike({ fault: where === 'before' ? 'held' : 'held-answer' });
  await begin({ ...timesAt(await target(), LONG), ...times });
  await struck(strikes);
  return {
    strike: strikes,
    isHeld: () => strikes.holds() > strikes.forsaken(),
    goOn: async () => strikes.release(),
  };
};

/** Whether a request that arrives only now is turned away for good. */
export const turnedAway = (strike: Strike): boolean => strike.said.every(({ status }) => status === 409);
