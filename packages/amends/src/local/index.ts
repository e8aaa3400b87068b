// The whole system on one machine: a table, re-exports only.
export { startSystem, type System } from './system.ts';
export { findOrStart } from './find-or-start.ts';
export { findRunning } from './state/find-running.ts';
export { interruption } from './interruption.ts';
export { StartError } from './start-error.ts';
export { calledUrls, type SystemUrls } from './system-urls.ts';
