// What commands of an application's own need: a screen, HTTP with its refusals in words, progress.
export { CliStop } from './cli/cli-stop.ts';
export { HttpRefusal, request } from './cli/http-client.ts';
export { inParallel } from './cli/in-parallel.ts';
export { runCommandLine } from './cli/run-command-line.ts';
export { createScreen, type Screen } from './cli/screen.ts';
export { showProgress, type ProgressDisplay } from './cli/show-progress.ts';
export { Tally } from './cli/tally.ts';
export { webUiLink } from './cli/web-ui-link.ts';
export { wholeNumber } from './cli/whole-number.ts';
