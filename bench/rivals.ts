import { setTimeout as pause } from 'node:timers/promises';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { mkdtemp, rm } from 'node:fs/promises';
import { msToTs } from '@temporalio/common/lib/time.js';
import type { Connection } from '@temporalio/client';
import { freePorts } from '../packages/amends/src/local/ports/free-ports.ts';
import { buildProcesses, stopCompiler } from '../packages/amends/src/local/build/build.ts';
import type { Child } from '../packages/amends/src/local/processes/child.ts';
import { answersReady, nodeProcess } from '../packages/amends/src/local/processes/node-process.ts';
import { startPart } from '../packages/amends/src/local/processes/part.ts';
import { workersReady } from '../packages/amends/src/local/workers-ready.ts';
import { inheritedEnvironment } from '../packages/runtime/src/config.ts';
import type { OwnShop } from '../testing/soak/own-shop.ts';
import { TWO_LANES_NAMESPACE, type Places } from './by-hand/places.ts';

const ENTRIES = {
  front: 'bench/by-hand/front.ts',
  'by-hand-worker': 'bench/by-hand/worker.ts',
  'two-lanes-worker': 'bench/two-lanes/worker.ts',
} as const;
export type RivalName = keyof typeof ENTRIES;

/** The processes that are measured beside the product's own, built as those are. */
export interface Rivals {
  readonly frontUrl: string;
  readonly pids: Readonly<Record<RivalName, number>>;
  /** Ends them; may be repeated. */
  readonly close: () => Promise<void>;
}

const RETENTION = '1 day';
const NAMESPACE_KNOWN_MS = 3_000;

/** Starts them on the shop's servers and services. @throws StartError; none is left running then */
export const startRivals = async (shop: OwnShop): Promise<Rivals> => {
  const connection = shop.temporal.connection as Connection;
  const address = connection.options.address;
  const [port = 0] = await freePorts(1);
  const places: Places = { address, port, urls: shop.urls };
  const frontUrl = `http://127.0.0.1:${port}`;
  await connection.workflowService.registerNamespace({
    namespace: TWO_LANES_NAMESPACE,
    workflowExecutionRetentionPeriod: msToTs(RETENTION),
  });
  // each part of the server learns of it by itself
  await pause(NAMESPACE_KNOWN_MS);

  const logs = await mkdtemp(join(tmpdir(), 'amends-bench-'));
  const build = await buildProcesses(Object.values(ENTRIES));
  await stopCompiler();
  const children: Child[] = [];
  const start = async (
    name: RivalName,
    env: Readonly<Record<string, string | undefined>>,
    check: (child: Child) => Promise<void>,
  ): Promise<number> => {
    const part = nodeProcess({ name, build, entry: ENTRIES[name], env, logFile: join(logs, `${name}.log`), check });
    const child = await startPart({ ...part, args: [...part.args, JSON.stringify(places)] });
    children.push(child);
    return child.identity.pid;
  };
  const close = async (): Promise<void> => {
    await Promise.all(children.splice(0).map((child) => child.stop()));
    await rm(logs, { recursive: true, force: true });
  };
  const plain = inheritedEnvironment();
  const ours = {
    ...plain,
    ...Object.fromEntries(Object.entries(shop.urls).map(([name, url]) => [`${name.toUpperCase()}_URL`, url])),
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: TWO_LANES_NAMESPACE,
    NATS_URL: `nats://${shop.nats.getServer()}`,
  };
  try {
    const front = await start('front', plain, () => answersReady(frontUrl));
    const byHand = await start('by-hand-worker', plain, async () => {});
    const twoLanes = await start('two-lanes-worker', ours, (child) =>
      workersReady({ address }, TWO_LANES_NAMESPACE, (identity) => identity.startsWith(`${child.identity.pid}@`)),
    );
    return { frontUrl, pids: { front, 'by-hand-worker': byHand, 'two-lanes-worker': twoLanes }, close };
  } catch (error) {
    await close();
    throw error;
  }
};
