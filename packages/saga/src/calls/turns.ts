/** A call's turn. While it is given up somebody else has it. */
export interface Turn {
  /** Resolves when the turn has come again. */
  readonly take: () => Promise<void>;
  /** Lets the next begin. Harmless when it was given up already. */
  readonly giveUp: () => void;
}

/**
 * Lets so many begin at once, and the others in the order in which they asked (S20). Whoever waits costs nothing but a place in the queue:
 * the SDK (1.24) spends about a tenth of a millisecond on each promise, and ends the process when one activation takes it too long.
 */
export class Turns {
  #free: number;
  #queue: (() => void)[] = [];
  #next = 0;

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  /** Calls `begin` at once where there is room, else when its turn comes. */
  ask(begin: (turn: Turn) => void): void {
    this.#ask(() => begin(this.#turn()));
  }

  /** Whoever still waits never begins. */
  dismiss(): void {
    this.#queue = [];
    this.#next = 0;
  }

  #ask(begin: () => void): void {
    if (this.#free === 0) {
      this.#queue.push(begin);
      return;
    }
    this.#free--;
    begin();
  }

  #turn(): Turn {
    let has = true;
    return {
      take: async () => {
        await new Promise<void>((resolve) => this.#ask(resolve));
        has = true;
      },
      giveUp: () => {
        if (!has) return;
        has = false;
        this.#free++;
        this.#beginNext();
      },
    };
  }

  #beginNext(): void {
    const begin = this.#queue[this.#next];
    if (begin === undefined) return this.dismiss();
    this.#next++;
    this.#free--;
    return begin();
  }
}
