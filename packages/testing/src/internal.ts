// What the other packages of Amends use of this one: no part of its public interface, and it may change in any release.
export { generate, type Generated } from './commands/generate.ts';
export { loadStage } from './commands/load-stage.ts';
export { runMatrix, runRecord } from './commands/run-tests.ts';
export { runWorkerProcess } from './matrix/worker-process.ts';
