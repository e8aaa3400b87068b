import type { Promised } from './check.ts';
import { once } from './promises/p1-once.ts';
import { oneRequestAKey } from './promises/p2-key.ts';
import { undoFirst } from './promises/p3-undo-first.ts';
import { neverLate } from './promises/p4-never-late.ts';
import { undoOnce } from './promises/p5-undo-once.ts';
import { settled } from './promises/p6-settle.ts';
import { together } from './promises/p7-together.ts';
import { refusals } from './promises/p8-refusals.ts';
import { forPeople } from './promises/p9-for-people.ts';
import { sealed } from './promises/p10-seal.ts';
import { expired } from './promises/p11-expired.ts';
import { unreadable } from './promises/unreadable.ts';

/** What is looked at, promise by promise, in the order of the table. */
export const EVERY_PROMISE: readonly Promised[] = [
  once,
  oneRequestAKey,
  undoFirst,
  neverLate,
  undoOnce,
  settled,
  together,
  refusals,
  forPeople,
  sealed,
  expired,
  unreadable,
];
