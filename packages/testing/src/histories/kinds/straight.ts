import { EXAMPLE } from '../../rehearsal/rehearsed-saga.ts';
import { pathsOf, rehearsePath } from '../../rehearsal/ways.ts';
import { inDashes } from '../in-dashes.ts';
import { asRehearsed, type Kind, type Wanted } from '../wanted.ts';

/** Each path as it is listed, without anything befalling it. */
export const straight: Kind = async (saga) => {
  const wanted: Wanted[] = [];
  for (const way of pathsOf(saga)) {
    const ends = asRehearsed(await rehearsePath(saga, way));
    const path = way === EXAMPLE ? ends.end : inDashes(way);
    wanted.push({ saga: saga.definition.name, path, way, ...ends, play: (scene) => scene.start() });
  }
  return wanted;
};
