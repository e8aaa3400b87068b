import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { Log } from '@amends/runtime/internal';

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** Sends what the SDK logs into the process's own log; to be called once, before any connection is made. */
export const installRuntime = (log: Log): void => {
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ level, message, meta: { error: err, ...meta } = {} }) =>
      log[LEVELS[level]]({ ...meta, ...(err !== undefined && { err }) }, message),
    ),
    shutdownSignals: [],
  });
};
