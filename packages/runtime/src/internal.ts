// What the other packages of Amends use of this one: no part of its public interface, and it may change in any release.
export * from './config-error.ts';
export * from './config.ts';
export * from './fingerprint.ts';
export * from './http/app.ts';
export * from './http/body.ts';
export * from './http/problem.ts';
export * from './http/serve.ts';
export * from './log.ts';
export * from './metrics.ts';
export * from './process.ts';
export * from './times.ts';
export * from './system/define-system.ts';
export * from './system/places-of.ts';
export * from './system/receivers.ts';
export * from './variables.ts';
