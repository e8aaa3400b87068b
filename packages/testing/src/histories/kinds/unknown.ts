import { refusalsOf } from '../../rehearsal/happenings.ts';
import { rehearsePath } from '../../rehearsal/ways.ts';
import { lastCompensable, placesOf } from '../place.ts';
import { isHeld } from '../scene.ts';
import type { Kind, Wanted } from '../wanted.ts';

/**
 * A step of which nobody knows whether it happened: the last that can be undone, each that cannot be refused (so that every step has a history
 * of its own), and each child, which is killed.
 */
export const unknown: Kind = async (saga) => {
  const places = await placesOf(saga);
  const last = lastCompensable(places);
  const wanted: Wanted[] = [];
  for (const place of places) {
    const { way, call, step } = place;
    const neverRefused = step.kind === 'compensable' && refusalsOf(step, saga.app).length === 0;
    if (place !== last && !neverRefused && step.kind !== 'child') continue;
    const { end } = await rehearsePath(saga, way, { [call.id]: { what: 'unknown' } });
    wanted.push({
      saga: saga.definition.name,
      path: `${call.step}-nobody-knows`,
      way,
      end,
      play: async (scene) => {
        if (step.kind !== 'child') {
          await scene.strike(call.id, { fault: 'answer-lost' });
          return scene.start({ quick: [call.step] });
        }
        const strike = await scene.strike(call.id, { fault: 'held' });
        const running = await scene.start();
        await isHeld(strike);
        await scene.killChild(call.id);
        return running;
      },
    });
  }
  return wanted;
};
