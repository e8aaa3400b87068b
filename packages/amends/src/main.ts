import { CommanderError } from 'commander';
import { ConfigError, inheritedEnvironment } from '@amends/runtime/internal';
import { CliStop } from './cli/cli-stop.ts';
import { EXIT, runConform } from './cli/conform/run-conform.ts';
import { HttpRefusal } from './cli/http-client.ts';
import { createProgram } from './cli/program.ts';
import { createScreen } from './cli/screen.ts';
import { runCompose } from './compose/run-compose.ts';
import { buildDist } from './local/build/build-dist.ts';
import { runStart } from './local/start.ts';
import { StartError } from './local/start-error.ts';
import { runGenerate, runMatrix, runRecord } from './testing/run-testing.ts';

/** These say in a sentence what is wrong; of anything else the stack is needed. */
const isSentence = (error: unknown): error is Error =>
  [CliStop, ConfigError, HttpRefusal, StartError].some((kind) => error instanceof kind);

/** As a shell counts a command that Ctrl-C ended. */
const INTERRUPTED = 130;

const main = async (): Promise<number> => {
  let code: number = EXIT.kept;
  const passed = (isSo: boolean): void => {
    if (!isSo) code = 1;
  };
  const says = (sentences: readonly string[]): void => {
    for (const sentence of sentences) process.stderr.write(`${sentence}\n`);
    passed(sentences.length === 0);
  };
  const program = createProgram({
    start: runStart,
    build: buildDist,
    compose: (options) => runCompose(options, (text) => void process.stdout.write(text)),
    catalog: async (options) => says(await runGenerate('catalog', options)),
    asyncapi: async (options) => says(await runGenerate('asyncapi', options)),
    record: async (options) => passed(await runRecord(options)),
    matrix: async (options) => passed(await runMatrix(options)),
    conform: async (file, options) => {
      const [screen, aside] = [createScreen(process.stdout), createScreen(process.stderr)];
      code = await runConform(file, options, { environment: inheritedEnvironment(), screen, aside });
    },
  });
  try {
    await program.parseAsync();
    return code;
  } catch (error) {
    if ((error as Error).name === 'AbortError') return INTERRUPTED;
    // it has been said what is wrong, or what the help says
    if (error instanceof CommanderError) return error.exitCode === EXIT.kept ? EXIT.kept : EXIT.unusable;
    process.stderr.write(`${isSentence(error) ? error.message : String((error as Error).stack ?? error)}\n`);
    return 1;
  }
};

const exitCode = await main();
// what a closed system left in the loop (a connection's timers) is no reason to stay
process.exit(exitCode);
