import type { SagaEnd } from '@amends/contracts';
import type { Rehearsal } from '../rehearsal/rehearsed.ts';
import type { RehearsedSaga } from '../rehearsal/rehearsed-saga.ts';
import type { RunningSaga } from '../bench/running-saga.ts';
import type { Scene } from './scene.ts';

/** A history that a saga must have. */
export interface Wanted {
  readonly saga: string;
  /** In plain words with dashes; it names the file. */
  readonly path: string;
  /** On which of its rehearsed paths the saga is: the example's, or a listed one. */
  readonly way: string;
  readonly end: SagaEnd;
  /** The saga's own refusal, if it ends by one. */
  readonly refusal?: string | null;
  /** Has it come about; the run that is recorded. */
  readonly play: (scene: Scene) => Promise<RunningSaga>;
}

/** What one kind of happening wants of a saga: derived from its definition and its rehearsal alone. */
export type Kind = (saga: RehearsedSaga) => Promise<readonly Wanted[]>;

/** How a rehearsal says that it ends. */
export const asRehearsed = ({ end, cause }: Rehearsal): Pick<Wanted, 'end' | 'refusal'> => ({
  end,
  refusal: cause?.step === null && cause.outcome === 'refused' ? cause.code : null,
});
