import { appFolder } from '../local/state/folders.ts';
import { StartError } from '../local/start-error.ts';

/** What of `@amends/testing/internal` the commands use. It builds on this package, so nothing here may refer to its types. */
interface Testing {
  readonly loadStage: () => Promise<unknown>;
  readonly generate: (stage: unknown, what: Generated, options: { check: boolean }) => Promise<readonly string[]>;
  readonly runMatrix: (stage: unknown, asked: MatrixOptions) => Promise<boolean>;
  readonly runRecord: (asked: RecordOptions) => Promise<boolean>;
}

type Generated = 'catalog' | 'asyncapi';

export interface MatrixOptions {
  readonly saga?: string;
  readonly cell?: string;
  readonly seed?: number;
}

export interface RecordOptions {
  readonly saga?: string;
}

const TESTING: string = '@amends/testing/internal';

/** An operator's install has none of it. @throws StartError when it is not installed */
const loadTesting = async (): Promise<Testing> => {
  process.chdir(appFolder());
  try {
    return (await import(TESTING)) as Testing;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new StartError(
      `This command needs @amends/testing and vitest: npm install --save-dev @amends/testing vitest. (${(error as Error).message})`,
    );
  }
};

/** `amends catalog`, `amends asyncapi`. @returns what is not as it should be, in sentences */
export const runGenerate = async (what: Generated, { check = false }: { readonly check?: boolean }) => {
  const { generate, loadStage } = await loadTesting();
  return generate(await loadStage(), what, { check });
};

/** `amends matrix`. @returns whether every cell passed */
export const runMatrix = async (asked: MatrixOptions): Promise<boolean> => {
  const testing = await loadTesting();
  return testing.runMatrix(await testing.loadStage(), asked);
};

/** `amends record`. @returns whether everything was recorded */
export const runRecord = async (asked: RecordOptions): Promise<boolean> => (await loadTesting()).runRecord(asked);
