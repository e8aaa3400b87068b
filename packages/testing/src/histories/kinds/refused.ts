import type { Step } from '@amends/saga';
import { refusalsOf } from '../../rehearsal/happenings.ts';
import type { RehearsedSaga } from '../../rehearsal/rehearsed-saga.ts';
import { rehearsePath } from '../../rehearsal/ways.ts';
import { inDashes } from '../in-dashes.ts';
import { type Place, placesOf } from '../place.ts';
import { targetOf } from '../target.ts';
import { asRehearsed, type Kind, type Wanted } from '../wanted.ts';

/** Each refusal of each step that may be undone, or is the pivot, or is a child one of whose own calls is refused so. */
export const refused: Kind = async (saga) => {
  const wanted: Wanted[] = [];
  for (const place of await placesOf(saga)) {
    // past the point a refusal exhausts the step: see exhausted.ts
    if (place.step.kind === 'retriable') continue;
    for (const code of refusalsOf(place.step, saga.app)) {
      const one = await refusedWith(saga, place, code);
      if (one !== null) wanted.push(one);
    }
  }
  return wanted;
};

/** Null where a child's own flow says no: that is recorded as the child's. */
const refusedWith = async (saga: RehearsedSaga, { way, call }: Place, code: string): Promise<Wanted | null> => {
  const fits = (step: Step): boolean => refusalsOf(step, saga.app).includes(code);
  if ((await targetOf(saga, '', call, fits)) === undefined) return null;
  return {
    saga: saga.definition.name,
    path: `${call.step}-${inDashes(`refused ${code}`)}`,
    way,
    ...asRehearsed(await rehearsePath(saga, way, { [call.id]: { what: 'refused', code } })),
    play: async (scene) => {
      await scene.refuse(call.id, code, fits);
      return scene.start();
    },
  };
};
