import { CancellationScope, sleep } from '@temporalio/workflow';
import { FAST_ANSWER_MAX_BYTES } from '@amends/contracts/protocol';

/** The server takes 2 MiB a payload; what is larger is refused before it is sent (S15). */
const PAYLOAD_MAX_BYTES = 1_800_000;
/** A saga's result travels in its end event: what every broker takes. */
export const RESULT_MAX_BYTES = 900_000;
/** What one workflow task may send together: well under the 4 MiB of one gRPC message. */
const TASK_MAX_BYTES = 1_000_000;
/** What the record of one call has besides its answer. */
const RECORD_BYTES = 500;

// oxlint-disable-next-line no-control-regex -- all of ASCII is meant
const ASCII = /^[\0-\x7F]*$/;

/** Bytes of a value as JSON in UTF-8. */
const sizeOf = (value: unknown): number => {
  const text = JSON.stringify(value) ?? '';
  if (ASCII.test(text)) return text.length;
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
  }
  return bytes;
};

/** What is wrong with a payload, in words; null when nothing is. */
export const tooLarge = (value: unknown, max = PAYLOAD_MAX_BYTES): string | null => {
  const size = sizeOf(value);
  return size > max ? `${size} bytes are over the limit of ${max}` : null;
};

/** Somebody who waits for room, with how much he needs; told whether he has it. */
interface Asking {
  readonly size: number;
  readonly lane: 'fast' | 'durable';
  readonly tell: (has: boolean) => void;
}

/**
 * Keeps what one workflow task sends under the limit (S15): inputs of the durable lane, and answers of the fast lane, which the task
 * records. Where there is no room any more it ends the task, by a timer, once no call of the fast lane is under way: that a durable call has
 * ended, or that time has passed, may come elsewhere among their answers in a replay, which runs several heartbeats of a task as one.
 */
export class TaskAllowance {
  #bytes = 0;
  #pendingAnswers = 0;
  #asking: Asking[] = [];
  #ending = false;

  /**
   * Whether one more call in the fast lane fits; then room for its answer is set aside until `answered`. Of many that ask, those that do not
   * fit wait, for an answer or for the next task; one that is alone takes the durable lane.
   */
  setAside(): boolean | Promise<boolean> {
    if (this.#asking.length === 0 && !this.#ending && this.#fits(FAST_ANSWER_MAX_BYTES)) {
      this.#pendingAnswers++;
      return true;
    }
    return this.#ask(FAST_ANSWER_MAX_BYTES, 'fast');
  }

  answered(answer: unknown): void {
    this.#pendingAnswers--;
    this.#bytes += sizeOf(answer) + RECORD_BYTES;
    this.#serve();
  }

  /** Waits until an input of the durable lane fits. */
  async take(value: unknown): Promise<void> {
    await this.#ask(sizeOf(value) + RECORD_BYTES, 'durable');
  }

  #ask(size: number, lane: Asking['lane']): Promise<boolean> {
    return new Promise((tell) => {
      this.#asking.push({ size, lane, tell });
      this.#serve();
    });
  }

  /** In the order in which they asked. */
  #serve(): void {
    for (let [first] = this.#asking; first !== undefined && !this.#ending; [first] = this.#asking) {
      const has = this.#fits(first.size);
      if (!has && this.#pendingAnswers > 0) return;
      const isAlone = first.lane === 'fast' && this.#asking.length === 1;
      if (!has && !isAlone) {
        void this.#endTask();
        return;
      }
      this.#asking.shift();
      if (has && first.lane === 'fast') this.#pendingAnswers++;
      if (first.lane === 'durable') this.#bytes += first.size;
      first.tell(has);
    }
  }

  async #endTask(): Promise<void> {
    this.#ending = true;
    await CancellationScope.nonCancellable(() => sleep(1));
    this.#ending = false;
    this.#bytes = 0;
    this.#serve();
  }

  /** What is larger than all that a task may send has one of its own. */
  #fits(size: number): boolean {
    const used = this.#bytes + this.#pendingAnswers * FAST_ANSWER_MAX_BYTES;
    return used === 0 || used + size <= TASK_MAX_BYTES;
  }
}
