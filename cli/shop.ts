import { readSystemConfig } from '@amends/runtime';
import system from '../amends.config.ts';
import { runDemo } from './demo/run-demo.ts';
import { runImport } from './import/run-import.ts';
import { createProgram } from './program.ts';
import { runRebuild } from './rebuild/run-rebuild.ts';
import { createScreen, runCommandLine } from 'amends';

await runCommandLine(async () => {
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
  await program.parseAsync();
  return code;
});
