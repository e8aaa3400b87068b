import workerThreads, { type WorkerOptions } from 'node:worker_threads';

/** What workflows have done in the threads that the SDK runs them in. */
export interface EngineWork {
  readonly promises: number;
  /** Calls into the workflows' context: for each the SDK (1.24) starts a watchdog. */
  readonly vmCalls: number;
  readonly activations: number;
}

/** The file that the SDK runs in the threads of its workflows, or a script that begins it. */
const SDK_THREAD = /[/\\]workflow-worker-thread(?:\.js)?(?:$|"\);$)/;

/** Runs in such a thread, before the SDK's own. */
const COUNTING = `
const { parentPort, workerData } = require('node:worker_threads');
const { Script } = require('node:vm');
const counts = new Int32Array(workerData.engineWork);
const own = Script.prototype.runInContext;
let inside = 0;
Script.prototype.runInContext = function (...given) {
  counts[1]++;
  inside++;
  try { return own.apply(this, given); } finally { inside--; }
};
require('node:v8').promiseHooks.onInit(() => { if (inside > 0) counts[0]++; });
parentPort.on('message', ({ input }) => { if (input?.type === 'activate-workflow') counts[2]++; });
`;

const Thread = workerThreads.Worker;
const counts = new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT));

class CountingThread extends Thread {
  constructor(file: string | URL, options?: WorkerOptions) {
    if (typeof file === 'string' && SDK_THREAD.test(file)) {
      const workerData: unknown = { ...(options?.workerData as object | undefined), engineWork: counts.buffer };
      const begin = options?.eval === true ? file : `require(${JSON.stringify(file)});`;
      super(`${COUNTING}\n${begin}`, { ...options, workerData, eval: true });
    } else {
      super(file, options);
    }
  }
}

/** From here on the SDK's threads count; whoever creates workers is imported after it. */
export const countThreads = (): void => {
  Object.assign(workerThreads, { Worker: CountingThread });
};

/** What all of them have done so far. */
export const workSoFar = (): EngineWork => ({
  promises: counts[0] ?? 0,
  vmCalls: counts[1] ?? 0,
  activations: counts[2] ?? 0,
});
