import { condition, defineSignal, setHandler } from '@temporalio/workflow';
import type { SagaSignal } from '@amends/contracts/internal';
import { epoch } from '../run/clock.ts';
import type { LocalActivities } from '../calls/local-activities.ts';
import { runOwnActivity } from '../calls/own-activity.ts';

const look = defineSignal('look' satisfies SagaSignal);

/** What was seen this recently is not looked at again: many undos side by side look once. */
const FRESH_MS = 1_000;

/**
 * Whether a recovery run still has something to recover: a saga that was reset goes on by itself, and must not be undone (S14). Temporal
 * tells nobody of a reset, so the run looks before each call; the sweep sends it the signal `look` when it should look without one.
 */
export class Supersession {
  readonly #local: LocalActivities;
  #seenAt = -FRESH_MS;
  #looking: Promise<void> | null = null;
  #is = false;

  constructor(local: LocalActivities) {
    this.#local = local;
  }

  /** Takes the signal. */
  watch(): void {
    setHandler(look, async () => {
      this.forget();
      await this.#look();
    });
  }

  /** Resolves once the saga is known to have a newer run. */
  async happened(): Promise<void> {
    await condition(() => this.#is);
  }

  /** Resolves when the recovery may act; once the saga has a newer run, never. */
  async allows(): Promise<void> {
    if (epoch() - this.#seenAt >= FRESH_MS) await this.#look();
    if (this.#is) await new Promise<never>(() => {});
  }

  /** What was seen counts no more: a person has acted, who may have waited for long. */
  forget(): void {
    this.#seenAt = -FRESH_MS;
  }

  #look(): Promise<void> {
    this.#looking ??= this.#ask().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #ask(): Promise<void> {
    const shown = { id: 'look at the saga', summary: 'does the saga have a newer run' };
    this.#is = await runOwnActivity<boolean>(this.#local, 'engine:isSuperseded', [], shown);
    this.#seenAt = epoch();
  }
}
