import { happeningsOf } from '../../rehearsal/happenings.ts';
import { rehearsePath } from '../../rehearsal/ways.ts';
import { inDashes } from '../in-dashes.ts';
import { placesOf } from '../place.ts';
import { asRehearsed, type Kind, type Wanted } from '../wanted.ts';

/** Each wait answered otherwise than is usual: by a person's no, or by nobody. */
export const answered: Kind = async (saga) => {
  const wanted: Wanted[] = [];
  for (const { way, call, step } of await placesOf(saga)) {
    for (const { words, befalls } of happeningsOf(step, saga.app)) {
      if (befalls.what !== 'answered') continue;
      const { by = null } = (befalls.value ?? {}) as { by?: string | null };
      wanted.push({
        saga: saga.definition.name,
        path: `${call.step}-${inDashes(words)}`,
        way,
        ...asRehearsed(await rehearsePath(saga, way, { [call.id]: befalls })),
        play: (scene) => scene.start(by === null ? nothing(call.step) : { answers: { [call.step]: befalls.value } }),
      });
    }
  }
  return wanted;
};

const nothing = (step: string) => ({ quick: [step], answers: { [step]: undefined } });
