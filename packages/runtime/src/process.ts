import { ConfigError } from './config-error.ts';
import type { Config } from './config.ts';
import { createLog, type Log } from './log.ts';

/** What a process runs; `close` ends it in order and loses nothing. */
export interface Running {
  readonly close: () => Promise<void>;
}

/** How long a process may take to end in order before it is ended hard. */
const CLOSE_TIMEOUT_MS = 15_000;

/**
 * Runs one process of the system: configuration and log are made here, SIGTERM and SIGINT close it in order (exit 0), and a
 * wrong variable, a failed start or an unhandled error ends it with exit code 1 and a reason.
 *
 * @param read makes the configuration: `() => readConfig()`, or `() => readSystemConfig(system)`
 */
export const runProcess = async <C extends Pick<Config, 'LOG_LEVEL'>>(
  name: string,
  read: () => C,
  start: (config: C, log: Log) => Promise<Running>,
): Promise<void> => {
  let log = createLog(name, 'info');
  const fail = (error: unknown, why: string): void => {
    if (error instanceof ConfigError) log.fatal(error.message);
    else log.fatal({ err: error }, why);
    log.flush();
    process.exit(1);
  };
  process.on('uncaughtException', (error) => fail(error, 'an error that nobody caught'));
  process.on('unhandledRejection', (error) => fail(error, 'a rejection that nobody handled'));
  try {
    const config = read();
    log = createLog(name, config.LOG_LEVEL);
    const running = await start(config, log);
    const close = once(async (signal: NodeJS.Signals) => {
      log.info({ signal }, 'closing');
      setTimeout(() => fail(new Error('closing took too long'), 'ended hard'), CLOSE_TIMEOUT_MS).unref();
      await running.close();
      log.info('closed');
      process.exit(0);
    });
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        close(signal).catch((error: unknown) => fail(error, 'closing failed'));
      });
    }
    log.info('ready');
  } catch (error) {
    fail(error, 'the start failed');
  }
};

const once = <A extends unknown[]>(act: (...args: A) => Promise<void>) => {
  let first: Promise<void> | undefined;
  return (...args: A): Promise<void> => (first ??= act(...args));
};
