import { sleep } from '@temporalio/workflow';
import type { FAST_ANSWER_MAX_BYTES as FastAnswerMaxBytes } from '@amends/contracts/internal';
import { epoch } from './clock.ts';

/** The server takes 2 MiB a payload; what is larger is refused before it is sent (S15). */
const PAYLOAD_MAX_BYTES = 1_800_000;
/** A saga's result travels in its end event: what every broker takes. */
export const RESULT_MAX_BYTES = 900_000;
/** What one workflow task may send together: well under the 4 MiB of one gRPC message. */
const TASK_MAX_BYTES = 1_000_000;
/** What an answer in the fast lane may have, and so what is set aside for one that is not known yet. */
const FAST_ANSWER_MAX_BYTES: typeof FastAnswerMaxBytes = 32_768;

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

  /** Whether one more call in the fast lane fits; then room for its answer is set aside until `answered`. */
  setAside(): boolean {
    if (!this.#fits(FAST_ANSWER_MAX_BYTES)) return false;
    this.#pendingAnswers++;
    return true;
  }

  answered(answer: unknown): void {
    this.#pendingAnswers--;
    this.#bytes += sizeOf(answer);
  }

  /** Waits until an input of the durable lane fits. */
  async take(value: unknown): Promise<void> {
    const size = sizeOf(value);
    while (this.#bytes > 0 && !this.#fits(size)) {
      await sleep(1);
      this.newTask();
    }
    this.#bytes += size;
  }

  /** To be called when a durable call or a timer has ended. Several may end in one task: its time tells. */
  newTask(): void {
    const now = epoch();
    if (now > this.#since) this.#bytes = 0;
    this.#since = now;
  }

  #fits(size: number): boolean {
    return this.#bytes + this.#pendingAnswers * FAST_ANSWER_MAX_BYTES + size <= TASK_MAX_BYTES;
  }
}
