import { problem, replay, type Answer } from '../operations/answer.ts';

/** How long a request waits for another one with the same key, in this process or in another, before it says `in-flight`. */
const TURN_WAIT_MS = 500;

interface Waiting {
  readonly request: string;
  readonly proceed: (answer: Answer | undefined) => void;
}

/**
 * Lets one request a key through at a time, so that repeats of this process wait without a database connection. Who waits for
 * a request like its own is given its answer, when that is final; any other takes the next turn, or after 500 ms gives up.
 */
export class Turns {
  readonly #lines = new Map<string, Waiting[]>();

  /** `request` is equal for requests that have the same answer; `act` is told how many of the 500 ms are left. */
  async take(key: string, request: string, act: (waitMs: number) => Promise<Answer>): Promise<Answer> {
    const came = performance.now();
    const line = this.#lines.get(key);
    if (line === undefined) this.#lines.set(key, []);
    else {
      const shared = await wait(line, request);
      if (shared !== undefined) return shared;
    }
    let answer: Answer | undefined;
    try {
      answer = await act(Math.max(1, TURN_WAIT_MS - (performance.now() - came)));
      return answer;
    } finally {
      this.#pass(key, request, answer);
    }
  }

  #pass(key: string, request: string, answer: Answer | undefined): void {
    const line = this.#lines.get(key) ?? [];
    if (answer?.final === true) {
      const alike = line.filter((waiting) => waiting.request === request);
      for (const waiting of alike) {
        line.splice(line.indexOf(waiting), 1);
        waiting.proceed(replay(answer));
      }
    }
    const next = line.shift();
    if (next === undefined) this.#lines.delete(key);
    else next.proceed(undefined);
  }
}

/** An answer, or undefined when it is this one's turn. */
const wait = (line: Waiting[], request: string): Promise<Answer | undefined> =>
  new Promise((resolve) => {
    const waiting: Waiting = {
      request,
      proceed: (answer) => {
        clearTimeout(timer);
        resolve(answer);
      },
    };
    const timer = setTimeout(() => {
      line.splice(line.indexOf(waiting), 1);
      resolve(problem('in-flight'));
    }, TURN_WAIT_MS);
    line.push(waiting);
  });
