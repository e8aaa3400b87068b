// What the other packages of Amends use of this one: no part of its public interface, and it may change in any release.
export * from './cli/cli-stop.ts';
export * from './cli/conform/run-conform.ts';
export * from './cli/http-client.ts';
export * from './cli/in-parallel.ts';
export * from './cli/screen.ts';
export * from './cli/show-progress.ts';
export * from './cli/tally.ts';
export * from './cli/web-ui-link.ts';
