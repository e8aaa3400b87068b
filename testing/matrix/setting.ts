import { inputOf } from '../rehearsal/ways.ts';
import type { Place } from './place.ts';
import { Play } from './play.ts';
import { freshInput, shelve } from './fresh-input.ts';
import type { Stage } from './stage.ts';

/** What a saga needs to find beside goods on the shelf, which each of its runs is given: another saga of its key that has completed. */
export interface Setting<In = never> {
  readonly first?: {
    readonly saga: string;
    /** Its input, made of the saga's own. */
    readonly input: (input: In) => unknown;
  };
}

/** A run of its own for one cell: an input of a fresh key, and whatever it needs. */
export const prepare = async (stage: Stage, { saga, path }: Place, setting: Setting, key: string): Promise<Play> => {
  const { contract, definition } = saga;
  const input = freshInput(inputOf(saga, path), contract.key(contract.example), key);
  const { first } = setting;
  if (first === undefined) await shelve(stage, input);
  else {
    const before = (first.input as (input: unknown) => unknown)(input);
    await shelve(stage, before);
    const play = new Play(stage, first.saga, key, before);
    await play.start();
    const { view } = await play.closed();
    if (view.status !== 'completed') throw new Error(`${play.id}, which comes first, is ${view.status}`);
  }
  return new Play(stage, definition.name, key, input, first && [`${first.saga}:${key}`]);
};
