import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { appFolder } from '../../packages/amends/src/local/state/folders.ts';
import { placeOf } from '../../packages/runtime/src/system/places-of.ts';
import type { ShopService } from '../shop.ts';
import { shopConfig } from '../the-shop.ts';
import type { Armed } from './armed.ts';
import { lastingPort } from './lasting-port.ts';

const ENTRIES = { service: 'testing/crash/crashing-process.ts', provider: 'testing/crash/crashing-provider.ts' };

/** The entries of the processes, to be built. */
export const CRASHING_PROCESSES: readonly string[] = Object.values(ENTRIES);

const READY_WITHIN_MS = 60_000;
const DEAD_WITHIN_MS = 20_000;

/** Nothing that a saga asks of a service needs one; what waits for it waits. */
const NO_BROKER = { NATS_URL: 'nats://127.0.0.1:1' };

/** A process that is killed and started again, at the same address. */
export interface ProcessToCrash {
  readonly url: string;
  readonly pid: () => number | undefined;
  /** Resolves when the process knows whom it kills, and when. */
  readonly arm: (armed: Armed) => Promise<void>;
  /** Waits for its death by SIGKILL, then starts it again. Rejects when it does not die, or does not come back. */
  readonly diesAndReturns: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** @param build the folder of the built entries */
export const startProcessToCrash = async (
  name: ShopService | 'card-provider',
  { build, env }: { readonly build: string; readonly env: Readonly<Record<string, string>> },
): Promise<ProcessToCrash> => {
  const port = await lastingPort();
  const portName = `${placeOf(shopConfig({}).places, name).variable}_PORT`;
  const entry = name === 'card-provider' ? ENTRIES.provider : ENTRIES.service;
  const script = join(build, entry.replace(/\.ts$/, '.js'));
  const own = { ...NO_BROKER, LOG_LEVEL: 'fatal', [portName]: String(port) };
  const start = () => startChild(name, script, { ...env, ...own });
  let child = await start();
  return {
    url: `http://127.0.0.1:${port}`,
    pid: () => child.pid,
    arm: async (armed) => {
      const known = once(child, 'message', { signal: AbortSignal.timeout(DEAD_WITHIN_MS) });
      child.send(armed);
      await known;
    },
    diesAndReturns: async () => {
      if (!hasEnded(child)) await dies(name, child);
      if (child.signalCode !== 'SIGKILL') throw new Error(`${name} ended by itself with code ${child.exitCode}`);
      child = await start();
    },
    close: async () => {
      if (hasEnded(child)) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
};

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

const dies = async (name: string, child: ChildProcess): Promise<void> => {
  try {
    await once(child, 'exit', { signal: AbortSignal.timeout(DEAD_WITHIN_MS) });
  } catch (error) {
    throw new Error(`${name} was not killed: the request never came to the point`, { cause: error });
  }
};

const startChild = async (
  name: string,
  script: string,
  env: Readonly<Record<string, string>>,
): Promise<ChildProcess> => {
  const child = spawn(process.execPath, [script, name], {
    cwd: appFolder(),
    env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ready = once(child, 'message', { signal: AbortSignal.timeout(READY_WITHIN_MS) });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${name} ended before it was ready: ${String(code)}`);
  });
  await Promise.race([ready, ended]);
  // from here on its end is asked of the process itself
  ended.catch(() => {});
  ready.catch(() => {});
  return child;
};
