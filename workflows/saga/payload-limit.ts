import { sleep, workflowInfo } from '@temporalio/workflow';

/** The server takes 2 MiB a payload; what is larger is refused before it is sent (S15). */
const PAYLOAD_MAX_BYTES = 1_800_000;
/** What one workflow task may send together: well under the 4 MiB of one gRPC message. */
const TASK_MAX_BYTES = 1_000_000;

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

/** Keeps what one workflow task sends under the limit: past it, the next call waits for the next task. */
export class TaskAllowance {
  #task = -1;
  #bytes = 0;

  async take(value: unknown): Promise<void> {
    const size = sizeOf(value);
    while (!this.#fits(size)) await sleep(1);
    this.#bytes += size;
  }

  #fits(size: number): boolean {
    const task = workflowInfo().historyLength;
    if (task !== this.#task) {
      this.#task = task;
      this.#bytes = 0;
    }
    return this.#bytes === 0 || this.#bytes + size <= TASK_MAX_BYTES;
  }
}
