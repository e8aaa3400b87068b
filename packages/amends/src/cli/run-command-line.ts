import { CommanderError } from 'commander';
import { ConfigError } from '@amends/runtime/internal';
import { StartError } from '../local/start-error.ts';
import { CliStop } from './cli-stop.ts';
import { EXIT } from './conform/run-conform.ts';
import { HttpRefusal } from './http-client.ts';

/** These say in a sentence what is wrong; of anything else the stack is needed. */
const isSentence = (error: unknown): error is Error =>
  [CliStop, ConfigError, HttpRefusal, StartError].some((kind) => error instanceof kind);

/** As a shell counts a command that Ctrl-C ended. */
const INTERRUPTED = 130;

const endOf = async (run: () => Promise<number>): Promise<number> => {
  try {
    return await run();
  } catch (error) {
    if ((error as Error).name === 'AbortError') return INTERRUPTED;
    // it has been said what is wrong, or what the help says
    if (error instanceof CommanderError) return error.exitCode === EXIT.kept ? EXIT.kept : EXIT.unusable;
    process.stderr.write(`${isSentence(error) ? error.message : String((error as Error).stack ?? error)}\n`);
    return 1;
  }
};

/**
 * Runs a command, and ends the process with the code that it answers: 130 when Ctrl-C ended it, 2 when its command line is wrong, else 1 with
 * what is wrong on standard error.
 */
export const runCommandLine = async (run: () => Promise<number>): Promise<never> => {
  const code = await endOf(run);
  // what a closed system left in the loop (a connection's timers) is no reason to stay
  process.exit(code);
};
