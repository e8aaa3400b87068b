// A worker process of the failure matrix: the same workers as in production, which a test may kill at any moment.
import { createInterface } from 'node:readline';
import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { sweepKilledSagas } from '../../packages/client/src/sweep-killed-sagas.ts';
import * as contracts from '../../contracts/services.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import { createWorkers } from '../../packages/worker/src/create-workers.ts';
import { runWorkers } from '../../packages/worker/src/run-workers.ts';
import { installRuntime } from '../../packages/worker/src/sdk-log.ts';
import { throughTemporal } from '../../packages/worker/src/through-temporal.ts';
import { workflowBundle } from '../../packages/worker/src/workflow-bundle.ts';
import { replayAll } from './replay-all.ts';
import { SHOP_WORKFLOWS, shopTemporal } from '../the-shop.ts';

/** Its one argument, as JSON. */
export interface WorkerProcessArgument {
  readonly address: string;
  readonly namespace: string;
  /** Where each service is called. */
  readonly urls: Readonly<Record<string, string>>;
  /** Takes each published event as a POST. */
  readonly publishTo: string;
}

const argument = JSON.parse(process.argv[2] ?? '{}') as WorkerProcessArgument;
const log = createLog('matrix worker', 'error');
installRuntime(log);
const { address, namespace, urls, publishTo } = argument;
const connection = await NativeConnection.connect({ address });
const client = shopTemporal(new Client({ connection, namespace }));
const bundle = await workflowBundle(log, SHOP_WORKFLOWS);
const workers = await createWorkers({
  connection,
  namespace,
  workflowBundle: bundle,
  wiring: { contracts, urls },
  outside: {
    publish: async (event) => {
      const answer = await fetch(publishTo, { method: 'POST', body: JSON.stringify(event) });
      if (!answer.ok) throw new Error(`the matrix answers ${answer.status}`);
    },
    tellLate: async () => {},
    ...throughTemporal(client),
    sweep: (signal) => sweepKilledSagas(client, { times: { entries: {} }, log, signal }),
  },
});
const running = runWorkers(workers, (error) => {
  throw error;
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
// whoever started it holds the other end of its standard input: each line asks for a replay, and with its end all ends
const asked = createInterface({ input: process.stdin });
asked.on('line', () => {
  void replayAll(client, bundle).then((wrong) => say(JSON.stringify(wrong)));
});
asked.on('close', () => {
  void running.close().finally(() => process.exit(0));
});
say('ready');
