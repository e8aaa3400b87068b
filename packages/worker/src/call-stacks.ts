import v8 from 'node:v8';
import { runInThisContext } from 'node:vm';
import workerThreads, { type WorkerOptions } from 'node:worker_threads';

/**
 * The SDK (1.24) hooks every promise of a workflow and takes a stack trace for each, so that the Web UI can show a workflow's call stack. That is
 * most of what a workflow costs (decision 0053), and no option turns it off. Where hooks cannot be had the SDK does without them, so its own
 * call, which names neither `before` nor `after`, finds none. Everybody else gets his: Node's AsyncLocalStorage turns itself on by the same
 * function, and cancellation scopes need it. The SDK writes its warning of that to the console at once, past the log: that one is dropped.
 */
const WITHOUT_HOOK = `({ promiseHooks }) => {
  const own = promiseHooks.createHook;
  promiseHooks.createHook = (hooks) => {
    if (hooks.before !== undefined || hooks.after !== undefined) return own(hooks);
    const { warn } = console;
    console.warn = () => {};
    queueMicrotask(() => { console.warn = warn; });
    throw new Error('call stacks of workflows are off');
  };
}`;

/** The file that the SDK runs in the threads of its workflows. */
const SDK_THREAD = /[/\\]workflow-worker-thread(?:\.js)?$/;

const Thread = workerThreads.Worker;

class ThreadWithoutHook extends Thread {
  constructor(file: string | URL, options?: WorkerOptions) {
    if (typeof file === 'string' && SDK_THREAD.test(file)) {
      super(`(${WITHOUT_HOOK})(require('node:v8'));\nrequire(${JSON.stringify(file)});`, { ...options, eval: true });
    } else {
      super(file, options);
    }
  }
}

let creating = 0;

/**
 * Creates a worker whose workflows have no call stacks: the query `__stack_trace`, and the Web UI, say that there are none. The SDK starts its
 * thread meanwhile, and has no option for what runs in it first.
 */
export const withoutCallStacks = async <T>(create: () => Promise<T>): Promise<T> => {
  creating++;
  Object.assign(workerThreads, { Worker: ThreadWithoutHook });
  try {
    return await create();
  } finally {
    creating--;
    if (creating === 0) Object.assign(workerThreads, { Worker: Thread });
  }
};

let isOff = false;

/** The same for workflows that the SDK runs in this thread itself: it replays histories so. It holds until the process ends. */
export const replayWithoutCallStacks = (): void => {
  if (isOff) return;
  isOff = true;
  const turnOff = runInThisContext(WITHOUT_HOOK) as (module: typeof v8) => void;
  turnOff(v8);
};
