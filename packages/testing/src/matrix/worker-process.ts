import { createInterface } from 'node:readline';
import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { knownSagas, sweepKilledSagas, withSagas } from '@amends/client/internal';
import { createLog } from '@amends/runtime';
import { createWorkers, installRuntime, runWorkers, throughTemporal, workflowBundle } from '@amends/worker/internal';
import { wiringOfStage } from '../bench/wiring-of-stage.ts';
import type { Stage } from '../stage.ts';
import { replayAll } from './replay-all.ts';

/** The one argument of the process, as JSON. */
export interface WorkerProcessArgument {
  readonly address: string;
  readonly namespace: string;
  /** Where each service is called. */
  readonly urls: Readonly<Record<string, string>>;
  /** Takes each published event as a POST. */
  readonly publishTo: string;
}

/** The worker process of the failure matrix: the same workers as in production, which a test may kill at any moment. */
export const runWorkerProcess = async (stage: Stage): Promise<void> => {
  const argument = JSON.parse(process.argv[2] ?? '{}') as WorkerProcessArgument;
  const { address, namespace, urls, publishTo } = argument;
  const log = createLog('matrix worker', 'error');
  installRuntime(log);
  const connection = await NativeConnection.connect({ address });
  const client = withSagas(new Client({ connection, namespace }), knownSagas(stage.app, stage.catalog));
  const bundle = await workflowBundle(log, stage.workflowsFile);
  const workers = await createWorkers({
    connection,
    namespace,
    workflowBundle: bundle,
    wiring: wiringOfStage(stage, urls),
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
};
