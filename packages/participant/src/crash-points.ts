/**
 * Where a request can be interrupted between its receiving and its answer, in the order in which they are passed. Which of them
 * a request passes depends on what it asks and on what is there. A test hears of each of them, and may end the process there.
 */
export const crashPoints = {
  received: 'the request has been read; nothing has been asked of the database',
  claimed: 'its transaction holds the key, or has found it known; of a seal: the saga',
  handled: 'the handler has written what it does',
  refused: 'the handler has said no, and what it wrote is about to be taken back',
  recording: 'the record and COMMIT are about to be sent',
  committing: 'the record and COMMIT are sent, and not answered',
  committed: 'COMMIT was answered',
  calling:
    'the row is open, and the provider has not been asked; an effect outside has two transactions, before this and after',
  called: 'the provider has said what came of it, and nothing of that is recorded',
  listed: 'a seal has its list',
  answered: 'the answer is made, and not sent',
} as const;

export type CrashPoint = keyof typeof crashPoints;

/** Is told of each point that a request passes, with its key (of a seal: the saga's id), which waits for it. */
export type AtPoint = (point: CrashPoint, key: string) => void | Promise<void>;

/** The same, of one request. */
export type Passing = (point: CrashPoint) => void | Promise<void>;
