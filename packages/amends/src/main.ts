import { inheritedEnvironment } from '@amends/runtime/internal';
import { EXIT, runConform } from './cli/conform/run-conform.ts';
import { createProgram } from './cli/program.ts';
import { runCommandLine } from './cli/run-command-line.ts';
import { createScreen } from './cli/screen.ts';
import { runCompose } from './compose/run-compose.ts';
import { buildDist } from './local/build/build-dist.ts';
import { runStart } from './local/start.ts';
import { runGenerate, runMatrix, runRecord } from './testing/run-testing.ts';

await runCommandLine(async () => {
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
  await program.parseAsync();
  return code;
});
