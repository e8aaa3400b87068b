// What befalls a saga, one kind a file: together they say which histories it must have.
export { straight } from './straight.ts';
export { refused } from './refused.ts';
export { answered } from './answered.ts';
export { unknown } from './unknown.ts';
export { settled } from './settled.ts';
export { stopped } from './stopped.ts';
export { undoParked } from './undo-parked.ts';
export { exhausted } from './exhausted.ts';
export { recovered } from './recovered.ts';
export { durableLane } from './durable-lane.ts';
export { early } from './early.ts';
