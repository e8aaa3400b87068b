import type { Worker } from '@temporalio/worker';
import type { Running } from '@amends/runtime/internal';

/** Runs workers until closed: no new work is taken, work in flight ends. @param failed called when one ends by itself */
export const runWorkers = (workers: readonly Worker[], failed: (error: unknown) => void): Running => {
  let closing = false;
  const runs = workers.map(async (worker) => {
    try {
      await worker.run();
      if (!closing) failed(new Error(`the worker of ${worker.options.taskQueue} ended by itself`));
    } catch (error) {
      failed(error);
    }
  });
  return {
    close: async () => {
      closing = true;
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await Promise.all(runs);
    },
  };
};
