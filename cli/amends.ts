import { StartError } from '../local/index.ts';
import { ConfigError } from '../platform/config-error.ts';
import { readConfig } from '../platform/config.ts';
import { CliStop } from './cli-stop.ts';
import { runDemo } from './demo/run-demo.ts';
import { HttpRefusal } from './http-client.ts';
import { runImport } from './import/run-import.ts';
import { createProgram } from './program.ts';
import { createScreen } from './screen.ts';

/** These say in a sentence what is wrong; of anything else the stack is needed. */
const isSentence = (error: unknown): error is Error =>
  [CliStop, ConfigError, HttpRefusal, StartError].some((kind) => error instanceof kind);

/** As a shell counts a command that Ctrl-C ended. */
const INTERRUPTED = 130;

const main = async (): Promise<number> => {
  const screen = createScreen(process.stdout);
  let right = true;
  const program = createProgram({
    demo: async (options) => {
      right = await runDemo(options, { config: readConfig(), screen });
    },
    import: async (file, options) => {
      right = await runImport(file, options, { config: readConfig(), screen });
    },
  });
  try {
    await program.parseAsync();
    return right ? 0 : 1;
  } catch (error) {
    if ((error as Error).name === 'AbortError') return INTERRUPTED;
    process.stderr.write(`${isSentence(error) ? error.message : String((error as Error).stack ?? error)}\n`);
    return 1;
  }
};

const code = await main();
// what a closed system left in the loop (a connection's timers) is no reason to stay
process.exit(code);
