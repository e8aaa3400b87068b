/** What the operation's table says of a key. */
export type Found = 'done' | 'refused' | 'undone' | 'blocked' | 'pending' | 'undoing' | 'absent';

/** What may be found of a trial's key when it is over, and where. */
export interface Expected {
  readonly orderId: string;
  readonly saga: string;
  readonly key: string;
  readonly states: readonly Found[];
  /** The state that the service told last; undefined where it told none. */
  readonly told: string | undefined;
  readonly sealed: boolean;
  /** What the first definite answer of the action was, and a later one, which must be the same; undefined where it may be another. */
  readonly answers: readonly [first: string, later: string] | undefined;
}
