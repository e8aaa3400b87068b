import { join } from 'node:path';
import { appFolder } from '../state/folders.ts';
import { readBeginning } from '@amends/runtime/internal';
import type { Part } from './part.ts';

const READY_TIMEOUT_MS = 60_000;
const ASK_TIMEOUT_MS = 2_000;
/** Whoever listens there may be none of ours. */
const ANSWER_MAX_BYTES = 4_000;

/** One of our own processes, from its built file; ready when its check passes. */
export const nodeProcess = (options: {
  readonly name: string;
  /** The folder that `buildProcesses` answered. */
  readonly build: string;
  /** Its source: `services/orders/main.ts`. */
  readonly entry: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logFile: string;
  readonly check: Part['check'];
}): Part => ({
  name: options.name,
  command: process.execPath,
  args: [join(options.build, options.entry.replace(/\.ts$/, '.js'))],
  env: options.env,
  // migrations and workflows are found from here
  cwd: appFolder(),
  logFile: options.logFile,
  stopSignal: 'SIGTERM',
  check: options.check,
  readyWithinMs: READY_TIMEOUT_MS,
});

/** Whether the process at that URL says by `GET /readyz` that it is ready. */
export const answersReady = async (url: string): Promise<void> => {
  const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(ASK_TIMEOUT_MS) });
  const { text } = await readBeginning(response, ANSWER_MAX_BYTES);
  if (!response.ok) throw new Error(`/readyz answers ${response.status} ${text}`);
};
