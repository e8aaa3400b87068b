/**
 * What befalls a request on its way.
 *
 * - `busy`: 503 with a `Retry-After` of a second, before the service sees it;
 * - `down`: 503 before the service sees it; `cut`: the connection breaks before the service sees it;
 * - `answer-lost`: the service does it, and its answer is cut; `garbled`: its answer is cut off; `not-agreed`: it answers
 *   JSON that was not agreed;
 * - `late`: it reaches the service only after `delayMs`;
 * - `held`: it reaches the service only once it is released, also when nobody waits for it any more; `held-answer`: the service does it at
 *   once, and its answer is held;
 * - `twice`: it reaches the service twice at the same moment, and once more after that;
 * - `refused`: the service never sees it, and `code` is answered as a refusal (of an undo: as a refused undo);
 * - `rewritten`: it reaches the service with another body.
 */
export type Fault =
  | 'busy'
  | 'down'
  | 'cut'
  | 'answer-lost'
  | 'garbled'
  | 'not-agreed'
  | 'late'
  | 'held'
  | 'held-answer'
  | 'twice'
  | 'refused'
  | 'rewritten';

/** Which requests a fault strikes. `saga`: its id, or `*`: whatever comes; `op`: `do`, `undo`, `settle`, `seal`; `step` as in the key; `times`: how often, for ever by default. */
export interface FaultRule {
  readonly fault: Fault;
  readonly saga: string;
  readonly op: 'do' | 'undo' | 'settle' | 'seal';
  readonly step?: string;
  readonly times?: number;
  readonly delayMs?: number;
  /** Of `down`: the service asks to be left alone so long. */
  readonly retryAfterS?: number;
  readonly code?: string;
  readonly rewrite?: (body: unknown) => unknown;
}

/** What a service itself said to a request that a fault struck. `type`: of a problem, without `urn:amends:`; `body` as it came. */
export interface ServiceSaid {
  readonly status: number;
  readonly type: string | null;
  readonly body: string;
}

/** A rule at work. */
export interface Strike {
  readonly rule: FaultRule;
  /** How often it has struck. */
  readonly struck: () => number;
  readonly lift: () => void;
  /** How many requests it holds. */
  readonly holds: () => number;
  /** Of those that it holds or held: how many callers have gone before they were answered. */
  readonly forsaken: () => number;
  /** Lets go what it holds, and holds nothing any more. */
  readonly release: () => void;
  readonly said: readonly ServiceSaid[];
}

/** A rule with what it has done so far. */
export class ArmedFault implements Strike {
  readonly rule: FaultRule;
  readonly said: ServiceSaid[] = [];
  readonly #waiting = new Set<() => void>();
  #lifted = false;
  #released = false;
  #forsaken = 0;
  count = 0;

  constructor(rule: FaultRule) {
    this.rule = rule;
  }

  fits(op: string, key: string): boolean {
    const { saga, step, times = Number.POSITIVE_INFINITY } = this.rule;
    if (this.#lifted || this.rule.op !== op || this.count >= times) return false;
    if (saga === '*') return true;
    return op === 'seal' ? key === saga : key === `${saga}/${step}`;
  }

  /** Resolves when what is held may go on. */
  async held(): Promise<void> {
    if (this.#released) return;
    await new Promise<void>((resolve) => {
      this.#waiting.add(resolve);
    });
  }

  forsake(): void {
    this.#forsaken++;
  }

  readonly struck = (): number => this.count;
  readonly holds = (): number => this.#waiting.size;
  readonly forsaken = (): number => this.#forsaken;
  readonly lift = (): void => {
    this.#lifted = true;
  };
  readonly release = (): void => {
    this.#released = true;
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  };
}
