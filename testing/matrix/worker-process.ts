// A worker process of the failure matrix: the same workers as in production, which a test may kill at any moment.
import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { sweepKilledSagas } from '../../client/sweep-killed-sagas.ts';
import * as contracts from '../../contracts/services.ts';
import { createLog } from '../../platform/log.ts';
import { createWorkers } from '../../workers/create-workers.ts';
import { runWorkers } from '../../workers/run-workers.ts';
import { installRuntime } from '../../workers/sdk-log.ts';
import { throughTemporal } from '../../workers/through-temporal.ts';
import { workflowBundle } from '../../workers/workflow-bundle.ts';

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
const client = new Client({ connection, namespace });
const workers = await createWorkers({
  connection,
  namespace,
  workflowBundle: await workflowBundle(log),
  wiring: { contracts, urls },
  outside: {
    publish: async (event) => {
      const answer = await fetch(publishTo, { method: 'POST', body: JSON.stringify(event) });
      if (!answer.ok) throw new Error(`the matrix answers ${answer.status}`);
    },
    ...throughTemporal(client),
    sweep: (signal) => sweepKilledSagas(client, { times: { entries: {} }, log, signal }),
  },
});
const running = runWorkers(workers, (error) => {
  throw error;
});
// whoever started it holds the other end of its standard input: with that it ends
process.stdin.on('end', () => {
  void running.close().finally(() => process.exit(0));
});
process.stdin.resume();
process.stdout.write('ready\n');
