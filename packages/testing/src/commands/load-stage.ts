import { existsSync } from 'node:fs';
import path from 'node:path';
import { importSource } from '../import-source.ts';
import type { Stage } from '../stage.ts';

/** Where an application has its stage, from its folder. */
export const STAGE_FILE = 'testing/stage.ts';

/** @throws Error in words when there is no such file, or it exports no stage */
export const loadStage = async (file: string = STAGE_FILE): Promise<Stage> => {
  const found = path.resolve(file);
  if (!existsSync(found)) throw new Error(`There is no ${file}: it says how the application is tested (defineStage).`);
  const { stage } = await importSource<{ readonly stage?: Stage }>(found);
  if (stage === undefined) throw new Error(`${file} exports no stage: export const stage = defineStage({ … })`);
  return stage;
};
