import type { problems } from '@amends/contracts/internal';

/** As which problem an act is refused. `not-found`: no such saga, or no such approval. */
export type RefusedAs = Extract<
  keyof typeof problems,
  | 'not-found'
  | 'past-pivot'
  | 'closed'
  | 'undoing'
  | 'not-parked'
  | 'not-allowed'
  | 'not-waiting'
  | 'invalid'
  | 'key-mismatch'
  | 'version-mismatch'
>;

/** What is wrong with what was sent, by path: `input.lines.0.quantity`. */
export interface Issue {
  readonly path: string;
  readonly message: string;
}

/** Nothing has happened, and why. */
export interface Refused {
  readonly refused: RefusedAs;
  readonly detail?: string;
  readonly errors?: readonly Issue[];
}

export const refused = (as: RefusedAs, detail?: string): Refused => ({
  refused: as,
  ...(detail !== undefined && { detail }),
});

export const noSuchSaga = (id: string): Refused => refused('not-found', `there is no saga ${id}`);

export const isRefused = (answer: object): answer is Refused => 'refused' in answer;
