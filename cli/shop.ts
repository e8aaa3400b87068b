import { StartError } from 'amends/local';
import { ConfigError, readSystemConfig } from '@amends/runtime';
import system from '../amends.config.ts';
import { CliStop } from 'amends';
import { runDemo } from './demo/run-demo.ts';
import { HttpRefusal } from 'amends';
import { runImport } from './import/run-import.ts';
import { createProgram } from './program.ts';
import { runRebuild } from './rebuild/run-rebuild.ts';
import { createScreen } from 'amends';

/** These say in a sentence what is wrong; of anything else the stack is needed. */
const isSentence = (error: unknown): error is Error =>
  [CliStop, ConfigError, HttpRefusal, StartError].some((kind) => error instanceof kind);

/** As a shell counts a command that Ctrl-C ended. */
const INTERRUPTED = 130;

const main = async (): Promise<number> => {
  const screen = createScreen(process.stdout);
  let code = 0;
  const told = (right: boolean): void => {
    code = right ? 0 : 1;
  };
  const program = createProgram({
    demo: async (options) => {
      told(await runDemo(options, { config: readSystemConfig(system), screen }));
    },
    import: async (file, options) => {
      told(await runImport(file, options, { config: readSystemConfig(system), screen }));
    },
    rebuild: async () => {
      await runRebuild({ config: readSystemConfig(system), screen });
    },
  });
  try {
    await program.parseAsync();
    return code;
  } catch (error) {
    if ((error as Error).name === 'AbortError') return INTERRUPTED;
    process.stderr.write(`${isSentence(error) ? error.message : String((error as Error).stack ?? error)}\n`);
    return 1;
  }
};

const exitCode = await main();
// what a closed system left in the loop (a connection's timers) is no reason to stay
process.exit(exitCode);
