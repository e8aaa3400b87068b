// What is looked at, promise by promise, in the order of the table.
export { once } from './p1-once.ts';
export { oneRequestAKey } from './p2-key.ts';
export { undoFirst } from './p3-undo-first.ts';
export { neverLate } from './p4-never-late.ts';
export { undoOnce } from './p5-undo-once.ts';
export { settled } from './p6-settle.ts';
export { together } from './p7-together.ts';
export { refusals } from './p8-refusals.ts';
export { forPeople } from './p9-for-people.ts';
export { sealed } from './p10-seal.ts';
export { expired } from './p11-expired.ts';
export { unreadable } from './unreadable.ts';
