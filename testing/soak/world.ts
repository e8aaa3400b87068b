/** A saga as Temporal has it. */
export interface SagaFound {
  /** Execution chains: what went on as a new run is one. */
  readonly chains: number;
  /** It began in a run that waited for what starts it (E4). */
  readonly bornEarly: boolean;
  readonly end: 'open' | 'completed' | 'compensated' | 'cancelled' | 'killed';
  /** Of its input; null when it has none. */
  readonly fingerprint: string | null;
  /** The ids of the events that it was told. */
  readonly told: readonly string[];
}

export interface LetterFound {
  /** The place that its event has, or had, in the stream of events. */
  readonly sequence: number;
  readonly reason: string;
  readonly subject: string;
  /** SHA-256 of its bytes. */
  readonly digest: string;
}

/** How much of each there is of an order; what was taken back again is not counted. */
export interface EffectsFound {
  readonly captured: number;
  readonly authorized: number;
  readonly shipped: number;
  readonly reserved: number;
  readonly booked: number;
}

/** What there is when all is over, past our own interfaces: in Temporal, in the broker's streams, in the services' databases. */
export interface World {
  /** By workflow id; whatever runs or ran in Temporal but the sweep's own. */
  readonly sagas: ReadonlyMap<string, SagaFound>;
  readonly letters: readonly LetterFound[];
  /** The sagas of the cancels that were published as too late. */
  readonly late: ReadonlySet<string>;
  /** Each order's status, as the orders service decides by it. */
  readonly orders: ReadonlyMap<string, string>;
  /** The same, as its read side shows it. */
  readonly shown: ReadonlyMap<string, string>;
  readonly effects: ReadonlyMap<string, EffectsFound>;
  /** What is left to do, in words; null when nothing is. */
  readonly left: string | null;
  /** Goods and money that are not conserved, in words. */
  readonly notConserved: readonly string[];
}
