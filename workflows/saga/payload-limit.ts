import { CancellationScope, sleep } from '@temporalio/workflow';
import type { FAST_ANSWER_MAX_BYTES as FastAnswerMaxBytes } from '../../contracts/service-call.ts';
import { epoch } from './clock.ts';

/** The server takes 2 MiB a payload; what is larger is refused before it is sent (S15). */
const PAYLOAD_MAX_BYTES = 1_800_000;
/** A saga's result travels in its end event: what every broker takes. */
export const RESULT_MAX_BYTES = 900_000;
/** What one workflow task may send together: well under the 4 MiB of one gRPC message. */
const TASK_MAX_BYTES = 1_000_000;
/** What an answer in the fast lane may have, and so what is set aside for one that is not known yet. */
const FAST_ANSWER_MAX_BYTES: typeof FastAnswerMaxBytes = 32_768;
/** What the record of one call has besides its answer. */
const RECORD_BYTES = 500;

/** Bytes of a value as JSON in UTF-8. */
const sizeOf = (value: unknown): number => {
  const text = JSON.stringify(value) ?? '';
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

/**
 * Keeps what one workflow task sends under the limit (S15): inputs of the durable lane, and answers of the fast lane, which the task
 * records. A task has surely ended once a durable call or a timer has; the history's length would not do, since a replay runs several
 * heartbeats of a task as one.
 */
export class TaskAllowance {
  #bytes = 0;
  #pendingAnswers = 0;
  #since = 0;
  #asking: ((fits: boolean) => void)[] = [];
  #taskEnds: Promise<void> | null = null;

  /**
   * Whether one more call in the fast lane fits; then room for its answer is set aside until `answered`. Where only answers that are still
   * to come leave no room, it waits for one: they come within two seconds.
   */
  setAside(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#asking.push(resolve);
      this.#answerAsking();
    });
  }

  answered(answer: unknown): void {
    this.#pendingAnswers--;
    this.#bytes += sizeOf(answer) + RECORD_BYTES;
    this.#answerAsking();
  }

  /** In the order in which they asked. */
  #answerAsking(): void {
    for (let [ask] = this.#asking; ask !== undefined; [ask] = this.#asking) {
      const fits = this.#fits(FAST_ANSWER_MAX_BYTES);
      if (!fits && this.#bytes + FAST_ANSWER_MAX_BYTES <= TASK_MAX_BYTES) return;
      this.#asking.shift();
      if (fits) this.#pendingAnswers++;
      ask(fits);
    }
  }

  /** Waits until an input of the durable lane fits. */
  async take(value: unknown): Promise<void> {
    const size = sizeOf(value) + RECORD_BYTES;
    while (this.#bytes > 0 && !this.#fits(size)) await this.#taskEnd();
    this.#bytes += size;
  }

  /** One timer for all that wait for it. */
  #taskEnd(): Promise<void> {
    this.#taskEnds ??= CancellationScope.nonCancellable(async () => {
      await sleep(1);
      this.#taskEnds = null;
      this.newTask();
    });
    return this.#taskEnds;
  }

  /** To be called when a durable call or a timer has ended. Several may end in one task: its time tells. */
  newTask(): void {
    const now = epoch();
    if (now > this.#since) this.#bytes = 0;
    this.#since = now;
    this.#answerAsking();
  }

  #fits(size: number): boolean {
    return this.#bytes + this.#pendingAnswers * FAST_ANSWER_MAX_BYTES + size <= TASK_MAX_BYTES;
  }
}
