// What a process of an application needs beside Temporal: its configuration, its log, its life.
export { ConfigError } from './config-error.ts';
export { readConfig, readSystemConfig, servicePort, type Config, type SystemConfig } from './config.ts';
export { createHttpApp } from './http/app.ts';
export { readBody } from './http/body.ts';
export { fingerprint } from './fingerprint.ts';
export { readBeginning } from './http/read-beginning.ts';
export { reachOf, type Reach } from './http/this-machine.ts';
export { problemError } from './http/problem.ts';
export { serve } from './http/serve.ts';
export { createLog, type Log } from './log.ts';
export { createMetrics } from './metrics.ts';
export { runProcess, type Running } from './process.ts';
export {
  defineSystem,
  type Environment,
  type OwnProcess,
  type ServicePlace,
  type System,
} from './system/define-system.ts';
export { placeOf, placesOf, type Place } from './system/places-of.ts';
export { receiversOf, type Receiver } from './system/receivers.ts';
