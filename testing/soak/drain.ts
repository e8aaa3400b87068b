import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkInHand } from './work-in-hand.ts';

/** Longer than the longest back-off of anything that may be waiting. */
const STALLED_AFTER_MS = 180_000;
const LOOK_EVERY_MS = 500;
/** What has just left one place may not have come to the next. */
const LOOKS_IN_A_ROW = 3;

/** Waits until nothing is on its way any more. Answers what is left, in words, when nothing has moved for three minutes; else null. */
export const drain = async (work: WorkInHand, signal: AbortSignal): Promise<string | null> => {
  let before = '';
  let movedAt = Date.now();
  for (let idle = 0; idle < LOOKS_IN_A_ROW;) {
    const left = await leftToDo(work).catch((error: Error) => `not known: ${error.message}`);
    idle = left === null ? idle + 1 : 0;
    if (left !== null && left !== before) {
      before = left;
      movedAt = Date.now();
    }
    if (left !== null && Date.now() > movedAt + STALLED_AFTER_MS) {
      return `left undone, and nothing has moved for ${STALLED_AFTER_MS / 60_000} minutes: ${left}`;
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
  return null;
};

const leftToDo = async (work: WorkInHand): Promise<string | null> => {
  const [outbox, { waiting, unacknowledged }, sagas] = await Promise.all([
    work.outbox(),
    work.broker(),
    work.orderSagas(),
  ]);
  if (outbox + waiting + unacknowledged + sagas === 0) return null;
  return `${outbox} rows in the outbox, ${waiting} events waiting and ${unacknowledged} unacknowledged at the broker, ${sagas} sagas open`;
};
