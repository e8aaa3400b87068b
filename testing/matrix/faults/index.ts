export { answerLost, answerLostForEver } from './answer-lost.ts';
export { duplicate } from './duplicate.ts';
export { killed } from './killed.ts';
export { lateAfterUndo, lateCommit } from './late.ts';
export { refused } from './refused.ts';
export { cancelled, deadline } from './stopped.ts';
export { unavailableForEver, unavailableThenFine } from './unavailable.ts';
export { undoFails, undoRefused } from './undo.ts';
export { workerKilled } from './worker-killed.ts';
