import { CancellationScope, scheduleLocalActivity, type LocalActivityOptions } from '@temporalio/workflow';
import { isAllThatCame } from '../run/activation.ts';
import { rest } from '../run/rest.ts';

/** A result that has come, and to whom it goes. */
interface Arrived {
  readonly nth: number;
  readonly handOn: () => void;
}

/**
 * Runs local activities, and hands on what they come to in an order that a replay repeats (decision 0014).
 *
 * Several that run side by side end one after another, each in an activation of its own, and what follows on one has issued its commands
 * before the next is heard of. A replay has all of them at once, in the order in which they began, and what follows on them would run
 * interleaved. So all that run side by side are waited for, and then handed on in the order in which they began, one at a time.
 *
 * One that runs alone, and ends while nothing else comes, has nobody to wait for: it is handed on at once (decision 0052).
 */
export class LocalActivities {
  #begun = 0;
  #underWay = 0;
  #arrived: Arrived[] = [];
  #handingOn = false;

  /** Ends as the activity does. It is never cancelled (decision 0011). */
  run<T>(type: string, args: unknown[], options: LocalActivityOptions): Promise<T> {
    const nth = this.#begun++;
    this.#underWay++;
    return new Promise((resolve, reject) => {
      uncancelled(() => scheduleLocalActivity<T>(type, args, options)).then(
        (answer) => this.#arrive({ nth, handOn: () => resolve(answer) }),
        (error: unknown) => this.#arrive({ nth, handOn: () => reject(error) }),
      );
    });
  }

  #arrive(result: Arrived): void {
    this.#underWay--;
    const isAlone = this.#underWay === 0 && this.#arrived.length === 0 && !this.#handingOn;
    if (isAlone && isAllThatCame()) return result.handOn();
    this.#arrived.push(result);
    // the last of those that run side by side hands on for all
    if (this.#underWay === 0 && !this.#handingOn) void uncancelled(() => this.#handOn());
  }

  async #handOn(): Promise<void> {
    this.#handingOn = true;
    while (this.#arrived.length > 0) {
      // what else has come in this activation has done what it leads to, and perhaps begun another
      for (let times = 0; times < 3; times++) await rest();
      if (this.#underWay > 0) break;
      const together = this.#arrived.toSorted((a, b) => a.nth - b.nth);
      this.#arrived = [];
      for (const { handOn } of together) {
        handOn();
        await rest();
      }
    }
    this.#handingOn = false;
  }
}

/** A scope costs several promises, and a saga runs in one that nobody cancels: only a cancellable one is shut out. */
const uncancelled = <T>(act: () => Promise<T>): Promise<T> =>
  CancellationScope.current().cancellable ? CancellationScope.nonCancellable(act) : act();
