import { isCall } from '@amends/saga/internal';
import { rehearsePath } from '../../rehearsal/ways.ts';
import { placesOf } from '../place.ts';
import type { Kind } from '../wanted.ts';

/** As often as the fast lane asks. */
const IN_FAST_LANE = 3;

/** The first call of a service is not decided in the fast lane, and goes on in the durable one. */
export const durableLane: Kind = async (saga) => {
  const place = (await placesOf(saga)).find(({ step }) => isCall(step));
  if (place === undefined) return [];
  const { way, call } = place;
  return [
    {
      saga: saga.definition.name,
      path: `${call.step}-in-the-durable-lane`,
      way,
      end: (await rehearsePath(saga, way)).end,
      play: async (scene) => {
        await scene.strike(call.id, { fault: 'down', times: IN_FAST_LANE });
        return scene.start();
      },
    },
  ];
};
