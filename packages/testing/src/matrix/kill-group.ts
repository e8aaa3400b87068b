/** The cells that one kill of the workers strikes at the same moment. */
export class KillGroup {
  readonly #kill: () => Promise<void>;
  readonly #ready = new Set<() => boolean>();
  #expected: number;
  #killed: Promise<void>;
  #release: () => void = () => {};
  #fail: (error: unknown) => void = () => {};

  /** @param expected how many cells will come, or leave */
  constructor(expected: number, kill: () => Promise<void>) {
    this.#expected = expected;
    this.#kill = kill;
    this.#killed = new Promise((resolve, reject) => {
      this.#release = resolve;
      this.#fail = reject;
    });
    this.#killed.catch(() => {
      // whoever waits for it hears of it
    });
  }

  /** Resolves when the workers have been killed, while every cell was ready, and others have been started. */
  async come(ready: () => boolean): Promise<void> {
    this.#ready.add(ready);
    this.#killOnceAllAreHere();
    await this.#killed;
  }

  /** A cell that has failed before it came keeps nobody waiting. */
  leave(): void {
    this.#expected--;
    this.#killOnceAllAreHere();
  }

  #killOnceAllAreHere(): void {
    if (this.#ready.size < this.#expected || this.#ready.size === 0) return;
    this.#killOnceReady().then(this.#release, this.#fail);
  }

  async #killOnceReady(): Promise<void> {
    for (const end = Date.now() + READY_WITHIN_MS; ![...this.#ready].every((ready) => ready());) {
      if (Date.now() > end) throw new Error('the cells were never all at their steps at the same moment');
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    await this.#kill();
  }
}

const READY_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 20;
