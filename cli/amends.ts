import { CommanderError } from 'commander';
import { StartError } from 'amends/local';
import { ConfigError } from '@amends/runtime/internal';
import { inheritedEnvironment, readConfig } from '@amends/runtime/internal';
import { CliStop } from 'amends/internal';
import { EXIT, runConform } from 'amends/internal';
import { runDemo } from './demo/run-demo.ts';
import { HttpRefusal } from 'amends/internal';
import { runImport } from './import/run-import.ts';
import { createProgram } from './program.ts';
import { runRebuild } from './rebuild/run-rebuild.ts';
import { createScreen } from 'amends/internal';

/** These say in a sentence what is wrong; of anything else the stack is needed. */
const isSentence = (error: unknown): error is Error =>
  [CliStop, ConfigError, HttpRefusal, StartError].some((kind) => error instanceof kind);

/** As a shell counts a command that Ctrl-C ended. */
const INTERRUPTED = 130;

const main = async (): Promise<number> => {
  const screen = createScreen(process.stdout);
  let code: number = EXIT.kept;
  const told = (right: boolean): void => {
    code = right ? EXIT.kept : EXIT.broken;
  };
  const program = createProgram({
    demo: async (options) => {
      told(await runDemo(options, { config: readConfig(), screen }));
    },
    import: async (file, options) => {
      told(await runImport(file, options, { config: readConfig(), screen }));
    },
    conform: async (file, options) => {
      const aside = createScreen(process.stderr);
      code = await runConform(file, options, { environment: inheritedEnvironment(), screen, aside });
    },
    rebuild: async () => {
      await runRebuild({ config: readConfig(), screen });
    },
  });
  try {
    await program.parseAsync();
    return code;
  } catch (error) {
    if ((error as Error).name === 'AbortError') return INTERRUPTED;
    // it has been said what is wrong, or what the help says; the commands but conform end here by themselves
    if (error instanceof CommanderError) return error.exitCode === EXIT.kept ? EXIT.kept : EXIT.unusable;
    process.stderr.write(`${isSentence(error) ? error.message : String((error as Error).stack ?? error)}\n`);
    return 1;
  }
};

const exitCode = await main();
// what a closed system left in the loop (a connection's timers) is no reason to stay
process.exit(exitCode);
