import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { Log } from '@amends/runtime/internal';

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** Sends what the SDK logs into the process's own log; to be called once, before any connection is made. */
export const installRuntime = (log: Log): void => {
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ level, message, meta: { error: err, ...meta } = {} }) =>
      log[LEVELS[level]]({ ...meta, ...(err !== undefined && { err }) }, message),
    ),
    // without it the SDK's native part writes coloured text of its own to standard output
    telemetryOptions: { logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} } },
    shutdownSignals: [],
  });
};
